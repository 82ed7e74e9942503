// Entries that wait on this device until they are sent. They have no note and no name in them, and each belongs to
// one account: whoever else signs in here neither sees nor sends it.

import { openDB } from "../vendor/idb.js";

const SENDING = "allyship-sending"; // the lock: one tab at a time
const FIRST_PAUSE = 2_000; // ms, doubled after each failure
const LONGEST_PAUSE = 300_000;
const WAITING = "/log/waiting/";
const news = new BroadcastChannel("allyship-waiting");

const day = new Intl.DateTimeFormat(document.documentElement.lang, {
  weekday: "long",
  day: "numeric",
  month: "long",
  hour: "numeric",
  minute: "2-digit",
});

// The moment in the words of the page's language.
export const inWords = (moment) => day.format(moment);

// What became of sending, out of the page's own words; empty where there is nothing to say.
export function report(said, { sent, stopped }) {
  if (stopped === "sign-in") return said.signIn;
  return sent ? (sent === 1 ? said.sentOne : said.sentMany).replace("{count}", sent) : "";
}

let opened;
function database() {
  opened ??= openDB("allyship", 1, {
    upgrade(db) {
      db.createObjectStore("entries", { keyPath: "key" });
      db.createObjectStore("device");
    },
  });
  return opened;
}

// Who uses this device now: { name, visibility }, or nothing after a sign-out.
export async function account() {
  return (await database()).get("device", "account");
}

export async function signedIn(who) {
  await (await database()).put("device", who, "account");
}

export async function signedOut() {
  await (await database()).delete("device", "account");
}

// The entries of the account that uses this device, oldest first.
export async function waiting() {
  const who = await account();
  const all = who ? await (await database()).getAll("entries") : [];
  return all.filter((entry) => entry.owner === who.name).sort((one, other) => one.at - other.at);
}

// An entry is { key, owner, at, name, fields, wrong }: `fields` as a form posts them, `wrong` what the server said of it.
export async function keep(entry) {
  await (await database()).put("entries", entry);
  news.postMessage("changed");
}

export async function drop(key) {
  await (await database()).delete("entries", key);
  news.postMessage("changed");
}

export function onChange(then) {
  news.addEventListener("message", then);
}

// Send what waits, one tab after the other: the second finds what the first has left. Says how many were sent, and what
// stands in the way of the others: "connection", "sign-in", or nothing.
export function send() {
  return navigator.locks.request(SENDING, sendAll);
}

async function sendAll() {
  let sent = 0;
  try {
    const entries = await waiting();
    if (!entries.length) return { sent };
    const device = await fetch(`${WAITING}device.json`, { headers: { Accept: "application/json" } });
    if (device.status === 401) return { sent, stopped: "sign-in" };
    if (!device.ok) return { sent, stopped: "connection" };
    const { account: name, token } = await device.json();
    for (const entry of entries) {
      if (entry.owner !== name) return { sent, stopped: "sign-in" };
      const stopped = await sendOne(entry, token);
      if (stopped) return { sent, stopped };
      sent += 1;
    }
    return { sent };
  } catch {
    return { sent, stopped: "connection" };
  }
}

async function sendOne(entry, token) {
  const answer = await fetch(`${WAITING}${entry.key}/`, {
    method: "PUT",
    headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
    body: entry.fields,
  });
  if (answer.ok) return drop(entry.key);
  if (answer.status === 401) return "sign-in";
  if (answer.status !== 422) return "connection";
  return keep({ ...entry, wrong: (await answer.json()).wrong });
}

// On a page that stays open: at once, when the connection is back, and when somebody looks at it again; and once more
// after a while where that failed although there is a connection, for it may come back to a page before it does to all.
export function sendWheneverPossible(then) {
  let pause = FIRST_PAUSE;
  let again;
  const attempt = async () => {
    clearTimeout(again);
    const outcome = await send();
    then(outcome);
    const failed = outcome.stopped === "connection" && navigator.onLine;
    if (failed) again = setTimeout(attempt, pause);
    pause = failed ? Math.min(2 * pause, LONGEST_PAUSE) : FIRST_PAUSE;
  };
  addEventListener("online", attempt);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") attempt();
  });
  return attempt();
}
