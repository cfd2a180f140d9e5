// The form for somebody new: prefilled with what was searched, who may be the same offered beside it.
import { away } from "../away/away.js";
import { ask, link, put } from "./wire.js";

export class Sheet {
  constructor(dialog, alike, taken) {
    this.dialog = dialog;
    this.alike = alike;
    this.taken = taken;
    this.last = null;
    this.visit = null;
    this.asked = 0;
    dialog.addEventListener("submit", (event) => this.submit(event));
    dialog.addEventListener("input", (event) => this.typed(event.target));
    dialog.addEventListener("click", (event) => this.clicked(event));
    dialog.addEventListener("keydown", (event) => this.pressed(event));
  }

  field(name) {
    return this.dialog.querySelector(`[name=${name}]`);
  }

  open(name) {
    this.dialog.querySelector("form").reset();
    this.visit = crypto.randomUUID();
    for (const field of this.dialog.querySelectorAll("input[type=text], [name=checkin]")) field.value = "";
    this.offer("");
    const [family, ...given] = name.split(/\s+/);
    this.field("family").value = family.toLocaleUpperCase();
    this.field("given").value = given.join(" ");
    this.dialog.querySelector("[data-household]").hidden = this.last === null;
    this.dialog.showModal();
    (given.length ? this.field("born") : this.field("given")).focus();
  }

  // What the server sent back: the form with what is wrong beside each field.
  show(html) {
    put(this.dialog, html);
    this.visit ??= crypto.randomUUID();
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.querySelector('[aria-invalid="true"], input[type=radio]')?.focus();
  }

  // A birth date is done with its eighth digit: the next field takes over.
  typed(field) {
    if (field.name === "born" && field.value.replace(/\D/g, "").length === 8) this.dialog.querySelector("[name=sex]").focus();
    if (["family", "given", "born"].includes(field.name)) this.lookAlike();
  }

  // F, M and the first letters of the other choices, while the choice has the focus.
  pressed(event) {
    if (event.key === "F2" && this.last) {
      event.preventDefault();
      this.household();
    } else if (event.target.type === "radio" && /^[a-z]$/i.test(event.key)) {
      const options = [...this.dialog.querySelectorAll(`[name=${event.target.name}]`)];
      const option = options.find((one) => one.parentElement.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()));
      if (!option) return;
      event.preventDefault();
      option.checked = true;
      if (event.target.name === "sex") this.field("phone").focus();
    } else if (event.key === "Enter" && event.target.type === "radio") {
      event.preventDefault();
      this.dialog.querySelector("form").requestSubmit();
    }
  }

  household() {
    for (const [name, value] of Object.entries(this.last)) this.field(name).value = value;
  }

  async lookAlike() {
    const fields = Object.fromEntries(["family", "given", "born"].map((name) => [name, this.field(name).value]));
    if (!fields.family || !fields.given || link.away) return;
    const nth = ++this.asked;
    const answer = await ask(this.alike, fields);
    if (answer?.ok && this.dialog.open && nth === this.asked) this.offer(await answer.text());
  }

  offer(html) {
    this.asked += 1;
    const list = this.dialog.querySelector("#alike");
    put(list, html);
    for (const option of list.children) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-plain";
      button.dataset.card = option.dataset.card;
      button.append(...option.childNodes);
      const item = document.createElement("li");
      item.append(button);
      option.replaceWith(item);
    }
    list.hidden = list.children.length === 0;
  }

  async clicked(event) {
    if (event.target.closest("[data-household]")) this.household();
    const known = event.target.closest("[data-card]");
    if (!known) return;
    const answer = await ask(document.getElementById("desk").dataset.again, { card: known.dataset.card });
    if (!answer) return;
    this.dialog.close();
    this.taken(answer);
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    // The number makes it one test, however often it is sent: an answer may have been lost, or Enter pressed twice.
    const told = { ...Object.fromEntries(new FormData(form)), visit: this.visit };
    const answer = link.away ? null : await ask(form.action, told);
    if (!answer && link.away && (await away.start(form, told))) {
      this.done(told);
      this.taken(null);
    }
    if (!answer) return;
    if (answer.status === 422) {
      this.show(await answer.text());
      return;
    }
    this.done(told);
    this.taken(answer);
  }

  done(told) {
    this.last = Object.fromEntries(["phone", "street", "postal_code", "city"].map((name) => [name, told[name] ?? ""]));
    this.visit = null;
    this.dialog.close();
  }
}
