// On a narrow screen a figure keeps a width at which its letters can be read, and scrolls sideways in a box of its own.
const SCROLLS = { tabindex: 0, role: "group", "aria-label": "Figure, scrolls sideways" };

function reach(box) {
  const scrolls = box.scrollWidth > box.clientWidth + 1;
  for (const [name, value] of Object.entries(SCROLLS)) {
    if (scrolls) box.setAttribute(name, value);
    else box.removeAttribute(name);
  }
}

const framed = new ResizeObserver((boxes) => boxes.forEach(({ target }) => reach(target)));

whenRead(() => document.querySelectorAll("main figure img").forEach((picture) => {
  if (picture.closest(".piece, .motion-player, .figure-scroll")) return;
  let box = picture.parentElement;
  if (box.tagName === "FIGURE") {
    box = make("div", {});
    picture.replaceWith(box);
    box.append(picture);
  }
  box.classList.add("figure-scroll");
  framed.observe(box);
  picture.addEventListener("load", () => reach(box));
  reach(box); // one in a closed part of the page is not observed until it opens
}));
