// A day's box (SPEC.md, "Boxes"), sealed in a browser: HPKE with X-Wing, HKDF-SHA256 and AES-256-GCM. Bundled by scripts/bundle.sh.
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";

const ROOM = 2_048;
const LABEL = "sceau/box/v1\0";
const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const text = new TextEncoder();

// `where` names pharmacy and item (UUIDs) and day (ISO): what the content is bound to.
export async function sealBox(publicKey, where, content) {
  const plain = text.encode(content);
  if (plain.length > ROOM - 4) throw new RangeError("too long for a box");
  const padded = new Uint8Array(ROOM);
  new DataView(padded.buffer).setUint32(0, plain.length);
  padded.set(plain, 4);
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey.buffer);
  const info = joined(text.encode(LABEL), uuid(where.pharmacy), text.encode(where.day), uuid(where.item));
  const sender = await suite.createSenderContext({ recipientPublicKey, info: info.buffer });
  const sealed = await sender.seal(padded.buffer);
  return joined(new Uint8Array(sender.enc), new Uint8Array(sealed));
}

function uuid(written) {
  return Uint8Array.from(written.replaceAll("-", "").match(/../g), (pair) => parseInt(pair, 16));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
