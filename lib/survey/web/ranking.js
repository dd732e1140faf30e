// The captions of one item: a fieldset of ranks each. They start without ranks and stay where they are, so that the
// order in which they are shown is never mistaken for an answer.
const letter = (n) => String.fromCharCode(65 + n);
const ordinal = (n) => n + (n % 100 - n % 10 === 10 ? "th" : ["th", "st", "nd", "rd"][n % 10] || "th");

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

class Ranking {
  // captions: in the order shown; ranks: of a former visit, changed in place; changed(said): called after every change.
  constructor(list, captions, ranks, ties, changed) {
    Object.assign(this, { captions, ranks, ties, changed });
    list.replaceChildren(...captions.map((caption, n) => this.card(caption, n)));
    this.inputs = captions.map((_, n) => Array.from(list.children[n].querySelectorAll("input")));
    this.show();
  }

  card(caption, n) {
    const text = element("p", { className: "text", id: `text-${n}`, dir: "auto", textContent: caption.text });
    const choices = this.captions.map((_, k) => {
      const input = element("input", { type: "radio", name: `rank-${n}`, value: String(k + 1), id: `rank-${n}-${k}` });
      input.setAttribute("aria-describedby", text.id);
      input.addEventListener("change", () => this.give(n, k + 1));
      const label = element("label", { htmlFor: input.id, textContent: String(k + 1) });
      return element("span", {}, input, label);
    });
    const ranks = element("div", { className: "ranks" }, ...choices);
    const card = element("fieldset", {}, element("legend", { textContent: `Caption ${letter(n)}` }), text, ranks);
    card.addEventListener("keydown", (event) => this.key(event, n));
    return element("li", {}, card);
  }

  key(event, n) {
    const rank = /^[0-9]$/.test(event.key) ? Number(event.key) : NaN;
    if (event.ctrlKey || event.metaKey || event.altKey || !(rank <= this.captions.length)) return;
    event.preventDefault();
    this.give(n, rank);
    if (rank) this.inputs[n][rank - 1].focus();
  }

  // Gives caption n a rank, or none (0). A rank that another has is swapped with it; the last rank left is given.
  give(n, rank) {
    const { captions, ranks, ties } = this;
    const code = captions[n].code;
    const before = ranks[code];
    const said = [rank ? `Caption ${letter(n)} is ${ordinal(rank)}.` : `Caption ${letter(n)} has no rank.`];
    if (rank) ranks[code] = rank;
    else delete ranks[code];
    if (!ties && rank) {
      captions.forEach((other, m) => {
        if (m === n || ranks[other.code] !== rank) return;
        if (before) ranks[other.code] = before;
        else delete ranks[other.code];
        said.push(before ? `Caption ${letter(m)} is ${ordinal(before)}.` : `Caption ${letter(m)} has no rank now.`);
      });
      const left = captions.findIndex((caption) => !ranks[caption.code]);
      if (this.missing().length === 1) {
        const taken = new Set(Object.values(ranks));
        ranks[captions[left].code] = captions.map((_, k) => k + 1).find((k) => !taken.has(k));
        said.push(`Caption ${letter(left)} is ${ordinal(ranks[captions[left].code])}, the rank that was left.`);
      }
    }
    this.show();
    this.changed(said.join(" "));
  }

  missing() {
    return this.captions.map((_, n) => n).filter((n) => !this.ranks[this.captions[n].code]);
  }

  // What keeps the answer from being saved, if anything does.
  fault() {
    const names = this.missing().map(letter);
    return names.length && (names.length > 1 ? `Captions ${names.join(", ")} have no rank yet.` : `Caption ${names[0]} has no rank yet.`);
  }

  // Best first, ties joined by "=", captions without a rank left out.
  summary() {
    const places = this.captions.map((caption, n) => [this.ranks[caption.code], letter(n)]).filter(([rank]) => rank);
    places.sort((a, b) => a[0] - b[0]);
    return places.map(([rank, name], i) => (i === 0 ? "" : places[i - 1][0] === rank ? " = " : " › ") + name).join("");
  }

  show() {
    this.inputs.forEach((inputs, n) => {
      const rank = this.ranks[this.captions[n].code];
      inputs.forEach((input, k) => { input.checked = k + 1 === rank; });
    });
  }

  // Ranks as they are counted: a rank shared by two leaves the next one out (1, 1, 3).
  counted() {
    const given = this.captions.map((caption) => this.ranks[caption.code]);
    return Object.fromEntries(this.captions.map((c) => [c.code, 1 + given.filter((rank) => rank < this.ranks[c.code]).length]));
  }
}
