// How far an import is, while somebody looks; the page is loaded anew where it has come to its end.

const PAUSE = 1500; // milliseconds
const panel = document.querySelector("[data-import]");
const bar = panel.querySelector("progress");
const text = panel.querySelector("[data-progress]");

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(panel.dataset.import, { headers: { Accept: "application/json" } });
      if (answer.status === 401) return location.reload();
      if (answer.ok) {
        const { status, percent, text: said } = await answer.json();
        if (status !== panel.dataset.status) return location.reload();
        bar.value = percent;
        text.textContent = said;
      }
    } catch {
      // without a connection for now; the next look may find one
    }
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
