// Small things that every piece is made of.
function make(kind, attributes, ...children) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function button(label, sign, act) {
  const made = make("button", { type: "button", "aria-label": label, title: label }, sign);
  made.addEventListener("click", act);
  return made;
}

let named = 0;
function fresh(name) { return `${name}-${named += 1}`; }

function thousands(number) { return number.toLocaleString("en"); }

// Calls a function when the page turns light or dark, by its button or by the system.
function onScheme(act) {
  const seen = new MutationObserver(act);
  for (const place of [document.documentElement, document.body]) seen.observe(place, { attributes: true, attributeFilter: ["data-theme", "class"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
}

function whenRead(act) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
  else act();
}

function drawn(kind, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
