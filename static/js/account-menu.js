// The account menu closes by Escape, which gives the focus back, and when the reader turns to something else.

const menu = document.querySelector("details.account");

menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

for (const turning of ["focusin", "pointerdown"]) {
  document.addEventListener(turning, (event) => {
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
}
