// Says while somebody types what the server will say of the text on saving. The server's word decides; nothing is kept.

const PAUSE = 700; // milliseconds after the last key

for (const region of document.querySelectorAll("[data-check]")) {
  const field = region.parentElement.querySelector("textarea, input[type=text]");
  const token = field.form.querySelector("[name=csrfmiddlewaretoken]").value;
  let timer;
  let asked;

  const check = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new URLSearchParams({ text: field.value, csrfmiddlewaretoken: token });
    try {
      const answer = await fetch(region.dataset.check, { method: "POST", body, signal: asked.signal });
      if (answer.ok && !answer.redirected) region.innerHTML = await answer.text();
    } catch {
      // offline, or overtaken by the next key: the check on saving remains
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  });
}
