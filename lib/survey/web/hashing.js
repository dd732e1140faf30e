// The arithmetic of lib/survey/order.py: merging works out the same orders and the same checksum again.
const BASIS = 0x811c9dc5;
const SECOND_BASIS = 0x01000193;

function hash32(text, basis = BASIS) {
  let value = basis;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 16777619);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function shownOrder(seed, scope, coded) {
  const place = new Map(coded.map((one) => [one, hash32(`${seed} ${scope} ${one.code}`)]));
  return [...coded].sort((a, b) => place.get(a) - place.get(b) || (a.code < b.code ? -1 : 1));
}

// Items whose captions read the same stand at least a third of the survey apart.
function apart(items) {
  const asks = (item) => item.captions.map((caption) => caption.text).sort().join("\u001f");
  const gap = Math.floor(items.length / 3);
  const order = [...items];
  for (const item of items) {
    const at = order.indexOf(item);
    const other = order.findIndex((one) => one !== item && asks(one) === asks(item));
    if (other < 0 || at < other || at - other >= gap) continue;
    order.splice(at, 1);
    order.splice(other + gap <= order.length ? other + gap : other - gap, 0, item);
  }
  return order;
}

// Of what the page holds now, not of what it was made with: an edited text shows in every export.
function checksum(data) {
  const rules = data.ties ? "ties" : "no ties";
  const parts = [data.mode === "pairwise" ? `pairwise, ${rules}` : rules];
  for (const item of data.items) {
    parts.push(item.code);
    for (const caption of item.captions) parts.push(caption.code, caption.text);
  }
  const text = parts.join("\u001f");
  const hex = (basis) => hash32(text, basis).toString(16).padStart(8, "0");
  return `s${hex(BASIS)}${hex(SECOND_BASIS)}`;
}

function randomCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => String.fromCharCode(97 + (byte % 26))).join("");
}
