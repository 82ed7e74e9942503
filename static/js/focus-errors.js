// After a form came back with errors, put the reader at their summary instead of at the top of the page.
document.querySelector(".error-summary")?.focus();
