// Keeps the page's form on the server while somebody types: two seconds after the last key, and when the page is left.

const PAUSE = 2000; // milliseconds
const AGAIN = 3000; // after a try that failed while the browser says that there is a connection
const status = document.querySelector("[data-draft]");
const form = document.getElementById("page-form");
const said = status.dataset;
let timer;
let changed = false;
let leaving = null;

async function save() {
  clearTimeout(timer);
  changed = false;
  leaving = new AbortController();
  const body = new URLSearchParams(new FormData(form));
  body.set("_address", said.address);
  if (said.key) body.set("key", said.key);
  try {
    const answer = await fetch(said.draft, { method: "POST", body, keepalive: true, signal: leaving.signal });
    if (answer.ok) status.textContent = said.saved.replace("{time}", (await answer.json()).saved);
    else if (answer.status === 401) status.textContent = said.signedOut;
    else if (answer.status === 422) status.textContent = `${said.refused} ${(await answer.json()).wrong.join(" ")}`;
    else status.textContent = said.failed;
    changed ||= !answer.ok && answer.status !== 422;
  } catch (error) {
    if (error.name === "AbortError") return;
    status.textContent = said.offline;
    changed = true;
    if (navigator.onLine) timer = setTimeout(save, AGAIN);
  }
}

function saveSoon() {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

function isChanged(field) {
  return /^(checkbox|radio)$/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

form.addEventListener("input", saveSoon);
if ([...form.querySelectorAll("input, textarea")].some(isChanged)) saveSoon(); // typed while this script was on its way
form.addEventListener("submit", () => {
  clearTimeout(timer);
  changed = false;
  leaving?.abort();
});
document.addEventListener("visibilitychange", () => changed && save());
addEventListener("online", () => changed && save());
