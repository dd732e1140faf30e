// Two captions of one item held against each other; an answer is kept as their ranks, so that exports are alike.
class Choosing {
  // As Ranking: captions in the order shown, ranks changed in place, changed(said) called after every change.
  constructor(list, captions, ranks, ties, changed) {
    Object.assign(this, { captions, ranks, changed });
    this.answers = [["Caption A", [1, 2]], ...(ties ? [["Equally good", [1, 1]]] : []), ["Caption B", [2, 1]]];
    list.replaceChildren(...captions.map((caption, n) => {
      const text = element("p", { className: "text", id: `text-${n}`, dir: "auto", textContent: caption.text });
      return element("li", { className: "shown" }, element("p", { className: "name", textContent: `Caption ${letter(n)}` }), text);
    }));
    const choices = this.answers.map(([name], k) => {
      const input = element("input", { type: "radio", name: "choice", value: String(k), id: `choice-${k}` });
      if (name !== "Equally good") input.setAttribute("aria-describedby", `text-${name === "Caption A" ? 0 : 1}`);
      input.addEventListener("change", () => this.give(k));
      return element("span", {}, input, element("label", { htmlFor: input.id, textContent: name }));
    });
    const answers = element("div", { className: "ranks" }, ...choices);
    const field = element("fieldset", {}, element("legend", { textContent: "Better" }), answers);
    list.parentElement.querySelector(".choice").replaceChildren(field);
    list.closest("form").onkeydown = (event) => this.key(event);
    this.inputs = [choices.map((choice) => choice.querySelector("input"))];
    this.show();
  }

  key(event) {
    const wanted = { 1: "Caption A", 2: "Caption B", "=": "Equally good" }[event.key];
    const at = this.answers.findIndex(([name]) => name === wanted);
    if (event.ctrlKey || event.metaKey || event.altKey || at < 0) return;
    event.preventDefault();
    this.give(at);
    this.inputs[0][at].focus();
  }

  give(at) {
    this.captions.forEach((caption, n) => { this.ranks[caption.code] = this.answers[at][1][n]; });
    this.show();
    this.changed(this.summary() === "A = B" ? "Both captions are equally good." : `${this.answers[at][0]} is better.`);
  }

  missing() {
    return this.captions.every((caption) => this.ranks[caption.code]) ? [] : [0];
  }

  fault() {
    return this.missing().length ? "No answer is given yet." : "";
  }

  summary() {
    if (this.missing().length) return "";
    const [first, second] = this.captions.map((caption) => this.ranks[caption.code]);
    return first === second ? "A = B" : first < second ? "A › B" : "B › A";
  }

  show() {
    this.answers.forEach(([, ranks], k) => {
      this.inputs[0][k].checked = this.captions.every((caption, n) => this.ranks[caption.code] === ranks[n]);
    });
  }

  counted() {
    return { ...this.ranks };
  }
}
