// The list of this page's own tests, as the queue shows them.
const list = document.getElementById("kept_list");
const pattern = document.getElementById("kept_row");

export function draw(work, word) {
  list.replaceChildren(...[...work.tests.values()].reverse().map((test) => row(test, work.results.get(test.id), word)));
  document.getElementById("kept_lane").hidden = work.tests.size === 0;
}

function row(test, result, word) {
  const made = pattern.content.cloneNode(true).firstElementChild;
  Object.assign(made.dataset, { visit: test.id, name: test.name, stage: result ? "done" : "running", parts: test.parts.length });
  made.querySelector("[data-name-here]").textContent = test.name;
  made.querySelector("[data-born-here]").textContent = spelt(test.born);
  for (const button of made.querySelectorAll("[data-label]")) button.setAttribute("aria-label", button.dataset.label.replace("{name}", test.name));
  const parts = made.querySelector("[data-parts-told]");
  if (parts && test.parts.length > 1) parts.textContent = test.parts.join(", ");
  const clock = made.querySelector("[data-clock]");
  if (result) clock.remove();
  else made.dataset.readyAt = test.ready;
  made.querySelector("[data-state]").textContent = result ? `${result.keys.replaceAll("-", "−")} · ${word}` : word;
  made.querySelector(`form[data-act="${result ? "result" : "undo"}"]`)?.remove();
  return made;
}

// A date typed as digits, as people write it.
function spelt(born) {
  return born.replace(/\D/g, "").replace(/(\d\d)(\d\d)(\d{4})/, "$1/$2/$3");
}

// A row of the counter's own queue whose result is kept here.
export function mark(visit, keys, word) {
  const made = document.querySelector(`#queue [data-visit="${visit}"]`);
  if (!made) return;
  made.dataset.stage = "kept";
  for (const form of made.querySelectorAll("form")) form.remove();
  made.querySelector("[data-clock]").textContent = `${keys.replaceAll("-", "−")} · ${word}`;
  made.querySelector("[data-clock]").removeAttribute("data-clock");
  delete made.dataset.readyAt;
}
