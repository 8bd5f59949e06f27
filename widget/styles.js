/**
 * The widget's style sheets, as constructed sheets: they need no `style-src` permission, and nothing of
 * them reaches the shop's page. Shops recolour through custom properties (docs/widget.md).
 */

import { FRAME } from "./styles-frame.js";
import { MESSAGES } from "./styles-messages.js";

const LIGHT = `
  color-scheme: light;
  --accent: var(--doorstep-accent, #1f5c4d);
  --on-accent: var(--doorstep-on-accent, #ffffff);
  --accent-text: var(--doorstep-accent, #1f5c4d);
  --glow: var(--doorstep-glow, #f2a65a);
  --ground: #faf6f0;
  --surface: #ffffff;
  --text: #26231f;
  --soft: #6a6259;
  --line: #e9e1d6;
  --hover: #f4eee5;
  --shadow: 0 1px 2px rgb(60 45 25 / 0.07);
  --lift: 0 24px 60px -12px rgb(50 38 20 / 0.34), 0 6px 18px rgb(50 38 20 / 0.12);
  --good: #17663f;
  --good-ground: #e0f3e6;
  --calm: #1d5680;
  --calm-ground: #e1eff9;
  --warn: #8a4b08;
  --warn-ground: #fdeed6;
  --bad: #a12a2a;
  --bad-ground: #fce5e2;
`;

const DARK = `
  color-scheme: dark;
  --accent: var(--doorstep-accent, #2a7462);
  --on-accent: var(--doorstep-on-accent, #ffffff);
  --accent-text: var(--doorstep-accent-dark, #93d6c3);
  --glow: var(--doorstep-glow, #f2a65a);
  --ground: #161917;
  --surface: #222825;
  --text: #f0ece5;
  --soft: #aeaba3;
  --line: #363d39;
  --hover: #2b322e;
  --shadow: 0 1px 2px rgb(0 0 0 / 0.35);
  --lift: 0 24px 60px -12px rgb(0 0 0 / 0.75), 0 0 0 1px rgb(255 255 255 / 0.06);
  --good: #93dbb0;
  --good-ground: #1b3a29;
  --calm: #9bcdf2;
  --calm-ground: #1b3447;
  --warn: #f5c27f;
  --warn-ground: #45301a;
  --bad: #f7aaa3;
  --bad-ground: #4a2322;
`;

const BASE = `
:host {
  all: initial;
  display: block;
  position: fixed;
  inset: auto 20px 20px auto;
  z-index: 2147483000;
  ${LIGHT}
  color: var(--text);
  font: 15px/1.45 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial,
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :host(:not([theme="light"])) { ${DARK} }
}
:host([theme="dark"]) { ${DARK} }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2, ul, ol { margin: 0; padding: 0; list-style: none; font: inherit; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; -webkit-tap-highlight-color: transparent; }
button:disabled { cursor: default; }
a { color: inherit; text-underline-offset: 2px; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; }
.icon {
  width: 1.45em; height: 1.45em; flex: none;
  fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round;
}
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
`;

let made = null;

/** The sheets to adopt, made once for all elements of the page. */
export function sheets() {
  made ??= [BASE, FRAME, MESSAGES].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return made;
}
