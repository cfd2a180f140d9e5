// What of the form for somebody new can be seen to be wrong without the counter, which looks at it all again: while it is away, and on a
// patient's phone, which seals.
const CHECKS = {
  born: (told) => isDate(told) || "wrongBorn",
  phone: (told) => /^(0[1-9]\d{8}|(\+|00)\d{8,15})$/.test(told.replace(/[\s.()-]/g, "")) || "wrongPhone",
  email: (told) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(told) || "wrongEmail",
  ins: (told) => isIns(told.replace(/\s/g, "").toUpperCase()) || "wrongIns",
  postal_code: (told) => !/^\d{5}$/.test(told) || /^(0[1-9]|[1-8]\d|9[0-58])/.test(told) || "wrongPostal",
};

// Whether nothing is wrong to be seen; what is, is said beside its field, in the sentences of `words`, and the first one has the focus.
export function right(form, words) {
  for (const old of form.querySelectorAll("[data-said]")) old.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const found = wrong(form);
  for (const [field, said] of found) point(field, words[said]);
  found[0]?.[0].focus();
  return found.length === 0;
}

function point(field, said) {
  const place = field.closest(".field");
  field.setAttribute("aria-invalid", "true");
  const line = document.createElement("p");
  line.className = "field-error";
  line.dataset.said = "";
  line.id = `${field.id}_said`;
  line.textContent = said;
  field.setAttribute("aria-describedby", line.id);
  place.append(line);
}

// Each wrong field with the name of its sentence.
function wrong(form) {
  const found = [];
  for (const field of form.querySelectorAll("input[required]")) {
    const told = field.type === "radio" ? form.querySelector(`[name=${field.name}]:checked`)?.value : field.value.trim();
    if (!told && !found.some(([one]) => one.name === field.name)) found.push([field, "missing"]);
  }
  for (const [name, check] of Object.entries(CHECKS)) {
    const field = form.querySelector(`[name=${name}]`);
    const told = field?.value.trim();
    const said = told ? check(told) : true;
    if (said !== true) found.push([field, said]);
  }
  return found.sort(([one], [other]) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
}

function isDate(told) {
  const digits = told.replace(/\D/g, "");
  if (digits.length !== 8) return false;
  const [day, month, year] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 && year >= 1880 && date <= new Date();
}

// Thirteen characters and their key; Corsica's departments count as 19 and 18.
function isIns(told) {
  if (!/^\d{5}(\d{2}|2A|2B)\d{8}$/.test(told)) return false;
  const number = BigInt(told.slice(0, 13).replace("2A", "19").replace("2B", "18"));
  return 97n - (number % 97n) === BigInt(told.slice(13));
}
