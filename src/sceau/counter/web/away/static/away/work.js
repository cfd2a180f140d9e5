// The tests of an outage: sealed the moment they are started or read, and, while this page lives, shown so that they can be finished.
// After a reload they are ciphertext alone.
import { sealBox } from "../sceau/box.js";
import { keep, remove } from "./store.js";
import { bytes } from "./trust.js";

const IDLE_MS = 15 * 60_000;
const TOLD = ["family", "given", "born", "sex", "phone", "email", "used_family", "ins", "street", "postal_code", "city", "symptoms", "consent"];

export class NoKeys extends Error {}
export class NoKit extends Error {}

export class Work {
  // `offset` gives how many milliseconds this computer's clock is behind the counter's.
  constructor(place, voucher, offset) {
    this.place = place;
    this.voucher = voucher;
    this.offset = offset;
    this.tests = new Map();
    this.results = new Map();
    this.acted = Date.now();
  }

  // Who has not touched the page for a quarter of an hour may be somebody else: from then on, nothing speaks for the member.
  touch() {
    if (Date.now() - this.acted > IDLE_MS) this.voucher = "";
    this.acted = Date.now();
  }

  kit() {
    const { kit } = this.place;
    if (!kit || kit.failed || (kit.expiry && kit.expiry < this.day())) throw new NoKit();
    return kit;
  }

  async start(id, told) {
    const kit = this.kit();
    const at = this.now();
    const fields = Object.fromEntries(TOLD.map((name) => [name, told[name] ?? ""]));
    const box = { kit: kit.id, lot: kit.lot, expiry: kit.expiry };
    await this.seal(id, id, at, { kind: "started", told: fields, box });
    const name = `${told.family.toLocaleUpperCase()} ${told.given}`;
    const ready = new Date(Date.now() + kit.minutes * 60_000).toISOString();
    this.tests.set(id, { id, name, born: told.born, box, parts: kit.parts, ready });
  }

  // `visit` is a test of this page, or one that the counter knows.
  async find(visit, keys) {
    const id = crypto.randomUUID();
    await this.seal(id, visit, this.now(), { kind: "found", visit, keys, box: this.tests.get(visit)?.box ?? null });
    this.results.set(visit, { id, keys });
  }

  async takeBack(visit) {
    await remove([this.results.get(visit).id]);
    this.results.delete(visit);
  }

  async leave(visit) {
    await remove([visit, this.results.get(visit)?.id].filter(Boolean));
    this.results.delete(visit);
    this.tests.delete(visit);
  }

  // What lies at the counter now is shown there, and may not be changed here.
  forget(kept) {
    for (const visit of this.tests.keys()) if (!kept.has(visit)) this.tests.delete(visit);
    for (const [visit, { id }] of this.results) if (!kept.has(id)) this.results.delete(visit);
  }

  async seal(id, visit, at, content) {
    const { pharmacy, ticket, boxes } = this.place;
    const day = this.day();
    const box = boxes.find((one) => one.day === day);
    if (!box) throw new NoKeys();
    const told = { ...content, at, offset: this.offset() / 1_000, voucher: this.voucher };
    const sealed = await sealBox(bytes(box.public), { pharmacy, day, item: id }, JSON.stringify(told));
    await keep({ id, visit, pharmacy, day, at, ticket, sealed });
  }

  now() {
    return new Date(Date.now() + this.offset()).toISOString();
  }

  day() {
    return new Intl.DateTimeFormat("en-CA", { timeZone: this.place.zone }).format(new Date(this.now()));
  }
}
