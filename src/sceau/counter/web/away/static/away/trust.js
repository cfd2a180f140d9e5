// Whether the keys to seal to are the pharmacy's: signed by a key that this computer knows, or by one that follows from it.
// A browser without Ed25519 cannot tell, and takes the page's word.
const text = new TextEncoder();

export const bytes = (written) => Uint8Array.from(atob(written), (char) => char.charCodeAt(0));
export const base64 = (data) => btoa(String.fromCharCode(...data));

// The boxes of `told` that may be sealed to; throws when any key is another's. `pin` is the fingerprint known here, or nothing yet.
export async function trusted(told, pin) {
  const known = await digest(bytes(told.chain[0].public));
  if (pin && pin !== known) throw new Error("another pharmacy's key");
  for (const [nth, link] of told.chain.entries()) {
    if (nth) await check(told.chain[nth - 1], bytes(link.endorsement), succession(told.pharmacy, link));
  }
  for (const box of told.boxes) await check(told.chain.at(-1), bytes(box.signature), dayBox(told.pharmacy, box));
  return known;
}

async function check(link, signature, statement) {
  const key = await crypto.subtle.importKey("raw", bytes(link.public), "Ed25519", false, ["verify"]).catch((error) => {
    if (error.name === "NotSupportedError") return null;
    throw error;
  });
  if (key && !(await crypto.subtle.verify("Ed25519", key, signature, statement))) throw new Error("not signed by the pharmacy");
}

function succession(pharmacy, link) {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, link.number);
  return joined(text.encode("sceau/succession/v1\0"), uuid(pharmacy), number, bytes(link.public));
}

function dayBox(pharmacy, box) {
  return joined(text.encode("sceau/day-box/v1\0"), uuid(pharmacy), text.encode(box.day), bytes(box.public));
}

async function digest(data) {
  return base64(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
}

function uuid(written) {
  return Uint8Array.from(written.replaceAll("-", "").match(/../g), (pair) => parseInt(pair, 16));
}

function joined(...parts) {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
