// Twelve hues that stay apart on light and on dark; neighbours here are far apart on the wheel.
const HUES = [208, 28, 150, 325, 262, 186, 52, 0, 95, 235, 170, 290];
const APART = 40;

/** A hue for each name: by the name, so that a subgraph looks the same in every plan; apart while hues last. */
export function huesFor(names) {
  const hues = new Map();
  for (const name of [...new Set(names)].sort()) hues.set(name, choose(name, [...hues.values()]));
  return hues;
}

function choose(name, taken) {
  const start = hash(name) % HUES.length;
  const order = [...HUES.slice(start), ...HUES.slice(0, start)];
  const isApart = (hue) => taken.every((other) => distance(hue, other) >= APART);
  return order.find(isApart) ?? order.find((hue) => !taken.includes(hue)) ?? order[0];
}

const distance = (one, other) => Math.min((one - other + 360) % 360, (other - one + 360) % 360);

const hash = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);
