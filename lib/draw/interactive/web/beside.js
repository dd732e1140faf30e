// What stands beside the page as lib/draw/interactive/beside.py packs it: base64 of deflate.
function inflated(text) { return new Response(new Blob([decoded(text)]).stream().pipeThrough(new DecompressionStream("deflate"))); }

function decoded(text) {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let n = 0; n < letters.length; n++) bytes[n] = letters.charCodeAt(n);
  return bytes;
}

// The bytes of a file, which is a script since a page from disk may read nothing else; its last part names what it holds.
async function beside(file) {
  await new Promise((done, failed) => {
    const script = make("script", { src: file });
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
    document.head.append(script);
  });
  const name = file.replace(/^.*\//, "").replace(/\.js$/, ""), held = inflated(window.pieceData[name]);
  delete window.pieceData[name];
  return new Uint8Array(await held.arrayBuffer());
}
