// Marks the section in view in the contents of either renderer.
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
