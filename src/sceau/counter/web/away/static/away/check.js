// What of the form for somebody new can be seen to be wrong without the counter. The counter looks at it all again.
const CHECKS = {
  born: (told) => isDate(told) || "wrongBorn",
  phone: (told) => /^(0[1-9]\d{8}|(\+|00)\d{8,15})$/.test(told.replace(/[\s.()-]/g, "")) || "wrongPhone",
  email: (told) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(told) || "wrongEmail",
  ins: (told) => isIns(told.replace(/\s/g, "").toUpperCase()) || "wrongIns",
  postal_code: (told) => !/^\d{5}$/.test(told) || /^(0[1-9]|[1-8]\d|9[0-58])/.test(told) || "wrongPostal",
};

// Each wrong field with the name of its sentence.
export function wrong(form) {
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
