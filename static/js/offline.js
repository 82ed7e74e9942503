// The page that holds entries: writes them, shows them to their owner, changes, deletes and sends them.

import {
  account,
  drop,
  hold,
  inWords,
  keep,
  onChange,
  release,
  report,
  send,
  sendWheneverPossible,
  waiting,
  waits,
} from "./queue.js";

const form = document.getElementById("entry");
const list = document.getElementById("entries");
const said = form.dataset;
const status = document.getElementById("status");
const levels = JSON.parse(said.levels);
const practice = form.elements.practice;

const today = () => new Intl.DateTimeFormat("en-CA").format(new Date()); // as 2026-07-20
let entry; // the key and time of what is in the form: pressed twice, it is one entry

// The form ---------------------------------------------------------------------------------------------------------

function fitLevels() {
  const fitting = levels[practice.value] ?? [];
  const radios = [...form.elements.level];
  for (const radio of radios) radio.closest(".choice").hidden = fitting.length > 0 && !fitting.includes(radio.value);
  if (fitting.length && !fitting.includes(form.elements.level.value)) form.elements.level.value = fitting[0];
}

function chooseAtLeastOne() {
  const boxes = [...form.elements.communities];
  boxes[0].setCustomValidity(boxes.some((box) => box.checked) ? "" : said.choose);
}

async function blank() {
  entry = { key: crypto.randomUUID(), at: null };
  form.reset();
  const who = await account();
  form.elements.done_on.value = today();
  form.elements.visibility.value = who?.visibility || "private";
  fitLevels();
  chooseAtLeastOne();
}

function fill(fields) {
  const values = new URLSearchParams(fields);
  for (const name of ["practice", "level", "direction", "done_on", "visibility"]) {
    if (values.has(name)) form.elements[name].value = values.get(name);
  }
  const chosen = values.getAll("communities");
  for (const box of form.elements.communities) box.checked = chosen.includes(box.value);
  fitLevels();
  chooseAtLeastOne();
}

async function save(event) {
  event.preventDefault();
  const who = await account();
  if (!who) return;
  if (entry.at && !(await waits(entry.key))) return wasSent();
  const values = new FormData(form);
  await keep({
    key: entry.key,
    owner: who.name,
    at: entry.at ?? Date.now(),
    name: practice.selectedOptions[0].text,
    fields: new URLSearchParams(values).toString(),
  });
  await blank();
  await draw();
  document.body.removeAttribute("data-waits");
  status.textContent = said.kept;
  status.scrollIntoView({ block: "nearest" });
  await tell(await send());
}

// What she changes now is another entry's: this one is an action already.
async function wasSent() {
  await blank();
  await draw();
  status.textContent = said.sentBefore;
}

// What waits -------------------------------------------------------------------------------------------------------

async function draw() {
  const who = await account();
  form.hidden = !who;
  document.getElementById("nobody").hidden = Boolean(who);
  const entries = await waiting();
  document.getElementById("none").hidden = entries.length > 0 || !who;
  list.replaceChildren(...entries.map(drawn));
}

function drawn(kept) {
  const item = document.getElementById("one-entry").content.cloneNode(true).firstElementChild;
  item.querySelector("[data-name]").textContent = kept.name;
  item.querySelector("[data-at]").textContent = inWords(kept.at);
  const wrong = item.querySelector("[data-wrong]");
  wrong.hidden = !kept.wrong;
  wrong.textContent = (kept.wrong ?? []).join(" ");
  const [edit, repair, remove] = ["edit", "repair", "delete"].map((name) => item.querySelector(`[data-do=${name}]`));
  for (const button of [edit, repair, remove]) button.setAttribute("aria-label", `${button.textContent}: ${kept.name}`);
  repair.hidden = !kept.wrong;
  edit.hidden = Boolean(kept.wrong);
  edit.addEventListener("click", async () => {
    entry = kept;
    fill(kept.fields);
    practice.focus();
    if (!(await hold(kept.key))) await wasSent();
  });
  repair.addEventListener("click", () => openInLongForm(kept));
  remove.addEventListener("click", () => putAway(kept));
  return item;
}

async function putAway(kept) {
  await drop(kept.key);
  if (entry.key === kept.key) await blank();
  await draw();
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn btn-quiet";
  undo.textContent = said.undo;
  undo.addEventListener("click", async () => {
    await keep(kept);
    await draw();
    status.textContent = "";
  });
  status.replaceChildren(`${said.deleted} `, undo);
  undo.focus();
}

// The server's own form, with all that was chosen; saved there under the same key, the entry is gone from here.
async function openInLongForm(kept) {
  const device = await fetch("/log/waiting/device.json").catch(() => null);
  if (!device?.ok) return tell({ sent: 0, stopped: device?.status === 401 ? "sign-in" : "connection" });
  const fields = new URLSearchParams(kept.fields);
  fields.set("key", kept.key);
  fields.set("_again", "1");
  fields.set("csrfmiddlewaretoken", (await device.json()).token);
  const leaving = Object.assign(document.createElement("form"), { method: "post", action: said.longForm, hidden: true });
  for (const [name, value] of fields) {
    leaving.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(leaving);
  leaving.submit();
}

// Sending ----------------------------------------------------------------------------------------------------------

async function tell(outcome) {
  const { stopped } = outcome;
  await draw();
  status.textContent = report(said, outcome) || status.textContent;
  document.getElementById("sign-in").hidden = stopped !== "sign-in";
  document.getElementById("away").hidden = navigator.onLine && stopped !== "connection";
}

// A form that was posted while there was no connection: the service worker passes it on in the page itself.
async function takeUnsent() {
  const unsent = document.body.dataset.unsent;
  if (!unsent) return;
  const values = new URLSearchParams(unsent);
  const note = values.get("note") ?? "";
  const key = values.get("key");
  values.delete("note");
  fill(values.toString());
  if (key) entry = { key, at: null };
  if (!note.trim() && form.checkValidity()) return form.requestSubmit();
  document.getElementById("unsent-note").hidden = !note.trim();
  document.getElementById("unsent-text").textContent = note;
}

async function start() {
  practice.addEventListener("change", fitLevels);
  form.addEventListener("change", chooseAtLeastOne);
  form.addEventListener("submit", save);
  onChange(draw);
  await blank();
  await draw();
  document.body.removeAttribute("data-waits");
  await takeUnsent();
  await release();
  await sendWheneverPossible(tell);
}

start()
  .catch(() => {
    document.getElementById("nobody").hidden = false; // a browser that keeps nothing, as in private windows
  })
  .finally(() => document.body.removeAttribute("data-waits"));
