// Marks the section in view in the contents of either renderer. The contents make way for what reaches into the
// margin. What is folded is opened for print.
(function () {
  const root = document.documentElement;
  const links = Array.from(document.querySelectorAll(".toc a[href^='#'], #TOC a[href^='#']"));
  const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))).filter(Boolean);
  function mark() {
    const line = innerHeight * 0.25;
    const atEnd = innerHeight + scrollY >= root.scrollHeight - 2 && scrollY > 0;
    const passed = targets.filter((target) => target.getBoundingClientRect().top <= line);
    const current = atEnd ? targets[targets.length - 1] : passed[passed.length - 1] || targets[0];
    links.forEach((link) => {
      const here = Boolean(current) && decodeURIComponent(link.hash.slice(1)) === current.id;
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      link.classList.toggle("active", here);
    });
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("main details:not([open])"));
    opened.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((part) => { part.open = false; }));

  const contents = document.querySelector(".toc, #quarto-margin-sidebar");
  const wide = contents ? Array.from(document.querySelectorAll("main .column-page-right")) : [];
  function yieldPlace() {
    const place = contents.getBoundingClientRect();
    const covered = wide.some((part) => {
      const box = part.getBoundingClientRect();
      return box.right > place.left && box.bottom > place.top && box.top < Math.min(place.bottom, innerHeight);
    });
    contents.classList.toggle("covered", covered);
  }
  if (wide.length) {
    addEventListener("scroll", yieldPlace, { passive: true });
    addEventListener("resize", yieldPlace);
    new ResizeObserver(yieldPlace).observe(document.querySelector("main"));
    yieldPlace();
  }
  if (targets.length) {
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; mark(); });
    }, { passive: true });
    mark();
  }
})();
