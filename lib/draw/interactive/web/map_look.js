// Colours of the map, from the page it stands on, and the mark of each class: the hues and shapes of the still figure.
function mapLook(element) {
  const style = getComputedStyle(element), named = (name, other) => style.getPropertyValue(name).trim() || other;
  return {
    ground: packedColour(named("--bg", "#ffffff")), dim: packedColour(named("--line-strong", "#b9c0c6")), paper: named("--bg", "#ffffff"),
    ink: named("--text", "#1c2228"), line: named("--line-strong", "#b9c0c6"), hues: HUES, rest: REST,
  };
}

// A colour as the four bytes of a pixel in memory.
function packedColour(hex) {
  const number = parseInt(hex.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3").slice(1), 16);
  return (0xff000000 | (number & 255) << 16 | (number & 0xff00) | number >> 16) >>> 0;
}

// The last class is grey where it holds what is left over.
function classMarks({ name, classes, rest }, look) {
  const hue = (n) => (rest && n === classes.length - 1 ? look.rest : look.hues[n % look.hues.length]);
  const names = classes.map((_, n) => hue(n));
  const shapes = classes.map((_, n) => Math.floor(n / look.hues.length) % SHAPES.length);
  return { names, shapes, colours: Uint32Array.from(names, packedColour), key: `${name} ${classes.length}` };
}

function legendMarks(list, { names, shapes }) {
  [...list.querySelectorAll("canvas")].forEach((canvas, n) => {
    const context = canvas.getContext("2d"), middle = (canvas.width - 1) / 2;
    context.fillStyle = names[n];
    for (let y = 0; y < canvas.height; y++) for (let x = 0; x < canvas.width; x++) {
      if (SHAPES[shapes[n]](x - middle, y - middle, middle - 2)) context.fillRect(x, y, 1, 1);
    }
  });
}
