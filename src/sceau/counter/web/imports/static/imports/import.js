// Looks at a file as soon as it is chosen, and shows how far its import has come.
const form = document.getElementById("import");
const place = document.getElementById("preview");
const bar = document.getElementById("progress");
const EVERY_MS = 500;

async function preview() {
  place.replaceChildren();
  if (!form.elements.file.files.length) return;
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), headers: { "X-Part": "preview" } }).catch(() => null);
  if (!answer) {
    place.textContent = form.dataset.lost;
    return;
  }
  if (answer.redirected) window.location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...[...fresh.body.childNodes].map((node) => document.adoptNode(node)));
}

async function follow() {
  const told = await fetch(form.dataset.progress, { cache: "no-store" }).then((answer) => answer.json(), () => null);
  if (told?.rows) {
    bar.max = told.rows;
    bar.value = told.done;
  }
  window.setTimeout(follow, EVERY_MS);
}

if (form) {
  form.elements.file.addEventListener("change", preview);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formAction !== form.action && event.submitter?.hasAttribute("formaction")) return;
    bar.hidden = false;
    follow();
  });
}
