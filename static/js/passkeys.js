// Signing in with a passkey, confirming by one, adding one: the form is sent once the device has answered.
//
// data-passkey: "ask" fetches what the device is to sign, "get" and "create" find it on the page.

const byName = !/^[\d.]+$|:/.test(location.hostname); // a passkey belongs to a name, never to a number
const answered = new WeakSet(); // forms for which the device has spoken
const possible = byName && window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function options(form) {
  if (form.dataset.passkey !== "ask") return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return answer.json();
}

async function credential(form) {
  const told = await options(form);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(told.creation_options.publicKey);
    publicKey.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(told.request_options.publicKey);
  return navigator.credentials.get({ publicKey });
}

async function answer(event) {
  const form = event.target;
  if (answered.has(form)) return;
  event.preventDefault();
  const failed = form.querySelector("[data-failed]");
  failed.textContent = "";
  try {
    form.elements.credential.value = JSON.stringify(await credential(form));
    answered.add(form);
    form.requestSubmit();
  } catch {
    failed.textContent = failed.dataset.failed;
  }
}

for (const form of possible ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", answer);
}
for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = Boolean(possible);
