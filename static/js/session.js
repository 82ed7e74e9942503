// Before a session ends it says so, and one click keeps it. Pages in other tabs count: they note when they were opened.

const strip = document.getElementById("session-end");
const { idle, whole, warning, address } = strip.dataset;
const opened = Date.now();
const last = opened + whole * 1000; // nothing goes on beyond it
const NOTE = "allyship-seen";

function seen() {
  try {
    return Math.max(opened, Number(localStorage.getItem(NOTE)));
  } catch {
    return opened;
  }
}

function note() {
  try {
    localStorage.setItem(NOTE, Date.now());
  } catch {
    // a browser that keeps nothing: this page then knows of itself alone
  }
}

function look() {
  const left = Math.min(seen() + idle * 1000, last) - Date.now();
  const final = last - Date.now() <= warning * 1000;
  if (left > warning * 1000) strip.hidden = true;
  else show(left <= 0 ? "out" : final ? "final" : "idle");
}

function show(name) {
  for (const text of strip.querySelectorAll("[data-text]")) text.hidden = text.dataset.text !== name;
  strip.querySelector("form").hidden = name !== "idle";
  strip.hidden = false;
}

strip.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData(event.target);
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    note();
    look();
  } else if (answer?.status === 401) {
    clearInterval(timer);
    show("out");
  }
});

note();
look();
const timer = setInterval(look, 5000);
document.addEventListener("visibilitychange", look);
