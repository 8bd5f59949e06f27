/**
 * Small helpers that build DOM nodes. Words from outside only ever enter the page as text nodes, so
 * there is no markup to escape and a strict Content-Security-Policy has nothing to object to.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 *
 * `attributes` maps names to values: null and false leave the attribute out, true sets it empty, and a
 * function under `onclick` and the like becomes a listener. Children are nodes or strings; null and
 * false are skipped.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

/** Change one attribute: null or false takes it away, true sets it empty. */
export function mark(node, name, value) {
  if (value == null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
}

/** Give a node these words; one that has them already stays untouched, so that nothing is read out again. */
export function word(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Outlines on a 24 × 24 grid, drawn with the current text colour.
const ICONS = {
  chat: "M21 11.6c0 4.4-4 8-9 8-1.1 0-2.2-.2-3.2-.5L4 20.6l1.3-3.7A7.5 7.5 0 0 1 3 11.6c0-4.4 4-8 9-8s9 3.6 9 8Z",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9l6 6 6-6",
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  photo:
    "M4 8.5A1.5 1.5 0 0 1 5.5 7h2.3l1.3-2h5.8l1.3 2h2.3A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5ZM12 16.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8Z",
  door: "M7 20.5V5.2A1.7 1.7 0 0 1 8.7 3.5h6.6A1.7 1.7 0 0 1 17 5.2v15.3M4.5 20.5h15M13.8 12v1",
  parcel: "M12 3 4 7v10l8 4 8-4V7ZM4 7l8 4 8-4M12 11v10M8 5l8 4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-3.6 3.7-6 7.5-6s6.9 2.4 7.5 6",
  file: "M7 3.5h7L18.5 8v11a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5ZM14 3.5V8h4.5",
  video:
    "M4 7.5A1.5 1.5 0 0 1 5.5 6h8A1.5 1.5 0 0 1 15 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 16.5ZM15 11l5-3v8l-5-3",
  alert: "M12 8v5M12 16.5v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
};

/** An icon by name, hidden from screen readers; the button around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    class: `icon icon-${name}`,
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
    focusable: "false",
  })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Sentence punctuation that follows an address, Latin and Chinese, is not part of it.
const ADDRESS = /https:\/\/[^\s<>"'“”«»、，。；：！？（）【】《》]+/giu;
const TRAILING = /[.,;:!?)\]}'"*_]+$/u;

/** Text as nodes in which https addresses are links; everything else stays text. */
export function linked(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (!safe(address)) continue;
    nodes.push(text.slice(from, match.index), link(address));
    from = match.index + address.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

function link(address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);
}

// "https://bank.example@evil.example" shows one host and opens another.
function safe(address) {
  try {
    const url = new URL(address);
    return url.protocol === "https:" && !url.username && !url.password;
  } catch {
    return false;
  }
}
