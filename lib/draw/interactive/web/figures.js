// On a narrow screen a figure keeps a width at which its letters can be read, and scrolls sideways in a box of its own.
const framed = new ResizeObserver((boxes) => boxes.forEach(({ target }) => {
  const scrolls = target.scrollWidth > target.clientWidth + 1;
  for (const [name, value] of Object.entries({ tabindex: 0, role: "group", "aria-label": "Figure, scrolls sideways" })) {
    if (scrolls) target.setAttribute(name, value);
    else target.removeAttribute(name);
  }
}));

whenRead(() => document.querySelectorAll("main figure img").forEach((picture) => {
  if (picture.closest(".piece, .figure-scroll")) return;
  let box = picture.parentElement;
  if (box.tagName === "FIGURE") {
    box = make("div", {});
    picture.replaceWith(box);
    box.append(picture);
  }
  box.classList.add("figure-scroll");
  framed.observe(box);
}));
