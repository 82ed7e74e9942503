// On every page of somebody who is signed in: entries that wait on this device are counted and sent, and signing out
// asks first where some are left.

import { inWords, onChange, report, sendWheneverPossible, signedIn, signedOut, waiting } from "./queue.js";

const status = document.createElement("p"); // says what was sent
status.className = "visually-hidden";
status.setAttribute("role", "status");

const strip = document.getElementById("unsent");
const said = strip.dataset;
const language = document.documentElement.lang;

async function draw() {
  const entries = await waiting();
  const wrong = entries.some((entry) => entry.wrong);
  strip.hidden = entries.length === 0;
  if (strip.hidden) return;
  const words = entries.length === 1 ? said.one : said.many;
  const count = words.replace("{count}", entries.length).replace("{since}", inWords(entries[0].at));
  strip.querySelector("[data-text]").textContent = wrong ? `${count} ${said.wrong}` : count;
}

async function told(outcome) {
  await draw();
  status.textContent = report(said, outcome) || status.textContent;
}

async function askBeforeSigningOut(event) {
  const form = event.target.closest("form[data-sign-out]");
  if (!form || form.dataset.signOut === "sure") return;
  event.preventDefault();
  const dialog = document.getElementById("unsent-sign-out");
  if ((await waiting()).length && dialog.returnValue !== "sure") {
    dialog.onclose = () => dialog.returnValue === "sure" && form.requestSubmit();
    dialog.showModal();
    return;
  }
  await signedOut();
  form.dataset.signOut = "sure";
  form.requestSubmit();
}

async function start() {
  strip.before(status);
  await signedIn({ name: said.account, visibility: said.visibility });
  const device = await caches.open("allyship-device"); // the service worker reads its language here
  await device.put("/language", new Response(language.slice(0, 2)));
  document.addEventListener("submit", askBeforeSigningOut);
  onChange(draw);
  navigator.serviceWorker?.register(said.worker).catch(() => {});
  await sendWheneverPossible(told);
}

start().catch(() => {
  // a browser that keeps nothing, as in private windows: everything else works
});
