// Entries that wait on this device until they are sent. They have no note and no name in them, and each belongs to
// one account: whoever else signs in here neither sees nor sends it.

import { openDB } from "../vendor/idb.js";

const SENDING = "allyship-sending"; // the lock: one tab at a time
const FIRST_PAUSE = 2_000; // ms, doubled after each failure
const LONGEST_PAUSE = 300_000;
const PATIENCE = 30_000; // ms for one answer
const HELD_FOR = 1_800_000; // ms
const OF_THIS_ONE = [400, 404, 413, 422]; // statuses that say nothing of the other entries
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

// An entry is { key, owner, at, name, fields, wrong, held }: `fields` as a form posts them, `wrong` what the server said
// of it, `held` until when it is not sent, since somebody changes it.
export async function keep(entry) {
  await (await database()).put("entries", entry);
  news.postMessage("changed");
}

export async function drop(key) {
  await (await database()).delete("entries", key);
  news.postMessage("changed");
}

// Change the entry where it is still here; says whether it was.
async function amend(key, change) {
  const { store, done } = (await database()).transaction("entries", "readwrite");
  const entry = await store.get(key);
  if (entry) await store.put({ ...entry, ...change });
  await done;
  return Boolean(entry);
}

// Not to be sent while it is changed; false where it was sent already.
export function hold(key) {
  return navigator.locks.request(SENDING, () => amend(key, { held: Date.now() + HELD_FOR }));
}

// Whoever held it is gone: the page was left.
export async function release() {
  for (const { key, held } of await waiting()) if (held) await amend(key, { held: 0 });
}

export async function waits(key) {
  return Boolean(await (await database()).get("entries", key));
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
    const entries = (await waiting()).filter((entry) => !(entry.held > Date.now()));
    if (!entries.length) return { sent };
    const device = await ask("device.json", { headers: { Accept: "application/json" } });
    if (device.status === 401) return { sent, stopped: "sign-in" };
    if (!device.ok) return { sent, stopped: "connection" };
    const { account: name, token } = await device.json();
    for (const entry of entries) {
      if (entry.owner !== name) return { sent, stopped: "sign-in" };
      const outcome = await sendOne(entry, token);
      if (outcome === "sent") sent += 1;
      else if (outcome !== "refused") return { sent, stopped: outcome };
    }
    return { sent };
  } catch {
    return { sent, stopped: "connection" };
  }
}

// "sent"; "refused", which the others need not wait for; or what stands in the way of them all.
async function sendOne(entry, token) {
  const answer = await ask(`${entry.key}/`, {
    method: "PUT",
    headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
    body: entry.fields,
  });
  if (answer.ok) {
    await drop(entry.key);
    return "sent";
  }
  if (answer.status === 422) await amend(entry.key, { wrong: (await answer.json()).wrong });
  if (answer.status === 401) return "sign-in";
  return OF_THIS_ONE.includes(answer.status) ? "refused" : "connection";
}

function ask(path, options) {
  return fetch(WAITING + path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
}

// On a page that stays open: at once, when the connection is back, and when somebody looks at it again; and once more
// after a while where that failed although there is a connection, for it may come back to a page before it does to all.
export function sendWheneverPossible(then) {
  let pause = FIRST_PAUSE;
  let again;
  const attempt = async () => {
    const outcome = await send();
    then(outcome);
    const failed = outcome.stopped === "connection" && navigator.onLine && document.visibilityState === "visible";
    clearTimeout(again);
    if (failed) again = setTimeout(attempt, pause);
    pause = failed ? Math.min(2 * pause, LONGEST_PAUSE) : FIRST_PAUSE;
  };
  addEventListener("online", attempt);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") attempt();
  });
  return attempt();
}
