// Captions as lib/draw/interactive/sentences.py packs them: words by number, and what differs from the one before.
const SHORT = 192, PAIRS = 62;

class Sentences {
  constructor(bytes) {
    const data = new DataView(bytes.buffer, bytes.byteOffset);
    this.count = data.getUint32(0, true);
    const size = data.getUint32(4, true);
    this.text = written(bytes, 8 + size, this.count, listed(bytes.subarray(8, 8 + size)));
    this.starts = lineStarts(this.text, this.count);
    const lower = this.text.toLowerCase();
    this.lower = lower === this.text ? this.text : lower;
    this.lowerStarts = lower === this.text ? this.starts : lineStarts(lower, this.count);
  }

  at(number) { return this.text.slice(this.starts[number], this.starts[number + 1] - 1); }

  // Marks the captions that hold a string, whatever its case, and says how many there are.
  find(string, marks) {
    marks.fill(0);
    const wanted = string.toLowerCase();
    let count = 0, line = 0;
    for (let place = this.lower.indexOf(wanted); place >= 0; place = this.lower.indexOf(wanted, this.lowerStarts[line])) {
      while (this.lowerStarts[line + 1] <= place) line += 1;
      marks[line] = 1;
      count += 1;
      if ((line += 1) >= this.count) break;
    }
    return count;
  }
}

// Where each word begins and ends among the bytes; the word of number 0 is none.
function listed(bytes) {
  const ends = [0];
  for (let n = 0; n < bytes.length; n++) if (bytes[n] === 10) ends.push(n + 1);
  return { bytes, ends: Uint32Array.from([...ends, bytes.length + 1]) };
}

// All captions as one string, a line each. Lines are put together as bytes, which is far quicker than as strings.
function written(coded, at, count, words) {
  let out = new Uint8Array(coded.length * 6 + 1024), end = 0, before = 0;
  const ends = new Uint32Array(256);
  const room = (need) => {
    if (out.length >= end + need) return;
    const more = new Uint8Array(2 * out.length + need);
    more.set(out.subarray(0, end));
    out = more;
  };
  for (let line = 0; line < count; line++) {
    const begin = end, shared = coded[at++];
    let number = 0;
    if (shared) {
      const length = ends[shared - 1] - before;
      room(length + 1);
      out.copyWithin(end, before, before + length);
      end += length;
      for (; number < shared; number++) ends[number] += begin - before;
    }
    for (let lead = coded[at++]; lead; lead = coded[at++]) {
      let word = lead;
      if (lead >= SHORT + PAIRS) { word = coded[at] | coded[at + 1] << 8 | coded[at + 2] << 16; at += 3; }
      else if (lead >= SHORT) word = SHORT + (lead - SHORT) * 256 + coded[at++];
      const from = words.ends[word - 1], to = words.ends[word] - 1;
      room(to - from + 2);
      if (number) out[end++] = 32;
      for (let n = from; n < to; n++) out[end++] = words.bytes[n];
      if (number < 255) ends[number] = end;
      number += 1;
    }
    before = begin;
    room(1);
    out[end++] = 10;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(out.subarray(0, end));
}

function lineStarts(text, count) {
  const starts = new Uint32Array(count + 1);
  for (let n = 1; n <= count; n++) starts[n] = text.indexOf("\n", starts[n - 1]) + 1;
  return starts;
}
