// Twelve hues that stay apart on light and on dark.
const HUES = [208, 28, 150, 325, 262, 186, 52, 0, 95, 235, 170, 290];

/** A hue for each name: by the name, so that a subgraph looks the same in every plan; apart while hues last. */
export function huesFor(names) {
  const taken = new Map();
  for (const name of [...new Set(names)].sort()) {
    const start = hash(name) % HUES.length;
    const order = HUES.map((_, step) => HUES[(start + step) % HUES.length]);
    const free = order.find((hue) => ![...taken.values()].includes(hue));
    taken.set(name, free ?? order[0]);
  }
  return taken;
}

const hash = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);
