// What came with the page is not news to a live region: once the page stands, say aloud what its status texts say.

const SETTLED = 300; // milliseconds until whoever listens has taken in the page
const said = [...document.querySelectorAll("[role=status]")].map((region) => region.innerText.trim()).filter(Boolean);

if (said.length > 0) {
  const voice = document.createElement("div");
  voice.className = "visually-hidden";
  voice.setAttribute("role", "status");
  document.body.append(voice);
  setTimeout(() => { voice.textContent = said.join(" "); }, SETTLED);
}
