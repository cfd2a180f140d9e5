// The box: asks as one types, keeps the answers in order, and says which is chosen to those who do not see.
import { ask, link, put } from "./wire.js";

export class Finder {
  constructor(box, list, address) {
    this.box = box;
    this.list = list;
    this.address = address;
    this.asked = 0;
    this.pending = null;
    this.kept = null;
    box.addEventListener("input", () => {
      this.kept = null;
      this.pending = this.search();
    });
  }

  async search() {
    const query = this.box.value.trim();
    const nth = ++this.asked;
    if (!query) return this.close();
    const answer = link.away ? null : await ask(this.address, { q: query });
    if ((answer && !answer.ok) || nth !== this.asked) return undefined;
    if (answer) put(this.list, await answer.text());
    else this.onlyNew(query);
    this.list.hidden = false;
    this.box.setAttribute("aria-expanded", "true");
    return this.select(Math.max(0, this.options().findIndex((option) => this.kept && same(option, this.kept))));
  }

  // The counter does not answer: nobody is found, and somebody new is.
  onlyNew(query) {
    const option = document.createElement("li");
    Object.assign(option, { id: "found-new", role: "option" });
    option.dataset.name = query;
    const [label, name] = ["patient", "soft"].map((kind) => Object.assign(document.createElement("span"), { className: kind }));
    label.textContent = document.getElementById("desk").dataset.new;
    name.textContent = query;
    option.append(label, " ", name);
    this.list.replaceChildren(option);
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  select(nth) {
    const options = this.options();
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === nth)));
    if (options[nth]) this.box.setAttribute("aria-activedescendant", options[nth].id);
  }

  move(step) {
    const options = this.options();
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    this.select((at + step + options.length) % options.length);
    this.kept = this.options().find((option) => option.getAttribute("aria-selected") === "true"); // an answer may still be on its way
  }

  // The answer to what is typed now, even when Enter was quicker than the network.
  async chosen() {
    await this.pending;
    return this.list.querySelector('[aria-selected="true"]');
  }

  close() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  clear() {
    this.asked += 1;
    this.box.value = "";
    this.close();
  }
}

// The same person, or in both the one who is new.
function same(one, other) {
  return one.dataset.card === other.dataset.card;
}
