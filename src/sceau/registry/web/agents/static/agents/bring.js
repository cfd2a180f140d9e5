// The passkey that an agent works with: made here, enrolled by two members of the authority.
const form = document.getElementById("bring");
const why = form.querySelector("[data-why]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  why.hidden = true;
  try {
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(await post(form.dataset.options));
    const made = await navigator.credentials.create({ publicKey: options });
    const done = await post(form.dataset.bring, JSON.stringify({ ...made.toJSON(), clientExtensionResults: {} }));
    location.assign(done.next);
  } catch (error) {
    if (error.name === "NotAllowedError") return; // the person changed their mind
    why.textContent = error.message;
    why.hidden = false;
  }
});

async function post(url, answer) {
  const body = new FormData(form);
  if (answer) body.set("answer", answer);
  const response = await fetch(url, { method: "POST", body });
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(told.why ?? `${response.status}`);
  return told;
}
