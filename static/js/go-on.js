// Nothing to read on this page: its button is pressed at once.
document.querySelector("form[data-at-once]").requestSubmit();
