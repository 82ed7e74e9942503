// The log form follows the chosen practice: its help, the levels it fits, and who can see it unless the worker chose.

const form = document.getElementById("page-form");
const select = form.querySelector("[name=practice]");
const help = document.getElementById("practice-help");
const order = ["private", "counted", "shared"];
const start = form.querySelector("input[name=visibility]:checked")?.value;
let visibilityIsHers = form.querySelector("[name=version]").value !== "" && location.pathname.endsWith("/edit/");

function showHelp(practice) {
  for (const part of help.querySelectorAll("[data-part]")) {
    const text = practice?.[part.dataset.part] ?? "";
    (part.querySelector("[data-text]") ?? part).textContent = text;
    part.hidden = text === "";
  }
}

function fitLevels(practice) {
  const inputs = [...form.querySelectorAll("input[name=level]")];
  for (const input of inputs) {
    const fits = !practice || practice.levels.includes(input.value);
    input.closest(".choice").hidden = !fits;
    if (!fits) input.checked = false;
  }
  if (practice && !inputs.some((input) => input.checked)) {
    inputs.find((input) => input.value === practice.levels[0]).checked = true;
  }
}

function presetVisibility(practice) {
  if (visibilityIsHers || !practice || !start) return;
  const preset = order[Math.min(order.indexOf(start), order.indexOf(practice.visibility))];
  form.querySelector(`input[name=visibility][value=${preset}]`).checked = true;
}

// Asked for when somebody turns to the list, and there by the time of a choice; without an answer the form works as is.
let practices;
const know = () => { practices ??= fetch(help.dataset.practices).then((answer) => answer.json()).catch(() => ({})); };
select.addEventListener("focus", know);

select.addEventListener("change", async () => {
  know();
  const practice = (await practices)[select.value];
  if (!practice && select.value) return;
  showHelp(practice);
  fitLevels(practice);
  presetVisibility(practice);
});

for (const input of form.querySelectorAll("input[name=visibility]")) {
  input.addEventListener("change", () => { visibilityIsHers = true; });
}
