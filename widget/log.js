/**
 * The list of messages. Nodes are kept between updates, so a screen reader announces a message once, a
 * text selection survives, and the place in the list stays where the buyer left it.
 */

import { el, icon } from "./dom.js";
import { drawMessage, refreshMessage } from "./messages.js";
import { drawTyping, refreshTyping } from "./view.js";

const SAME_GROUP = 5 * 60_000;
const NEAR_END = 80; // pixels

export class Log {
  #nodes = new Map(); // key → {node, shown}
  #last = "";
  #placed = 0; // where the list was scrolled to from here; elsewhere means that the buyer moved it

  /** `tools`: `t`, `language`, `take`, `edit`, `remove`, `photo` (view.js, messages.js) and `start(text)`. */
  constructor(tools) {
    this.tools = tools;
    const { t } = tools;
    this.welcome = drawWelcome(tools);
    this.typing = drawTyping();
    this.list = el("div", { class: "list" });
    this.node = el(
      "div",
      { class: "log", role: "log", "aria-live": "polite", "aria-label": t("log"), tabindex: "0" },
      this.welcome,
      this.list,
      this.typing,
    );
    this.more = el("button", { type: "button", class: "more", hidden: true, onclick: () => this.toEnd() });
    this.more.append(icon("down"), t("newMessages"));
    this.node.addEventListener("scroll", () => this.#atEnd() && (this.more.hidden = true), { passive: true });
    // A photo that arrives late pushes the end away.
    this.node.addEventListener("load", () => this.more.hidden && this.#follow(), true);
  }

  /** Bring the list up to date with the conversation. */
  update({ entries, answering, owner, agent }) {
    const follow = this.#atEnd() || Math.abs(this.node.scrollTop - this.#placed) < 2;
    this.welcome.hidden = entries.length > 0;
    this.#place(entries);
    if (answering) refreshTyping(this.typing, owner, agent, this.tools.t);
    this.typing.hidden = !answering;
    const newest = entries.at(-1);
    const isNew = newest && newest.key !== this.#last;
    this.#last = newest?.key ?? "";
    if (follow || (isNew && newest.message.from === "buyer")) this.#follow();
    else if (isNew) this.more.hidden = false;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
    this.#placed = this.node.scrollTop;
    this.more.hidden = true;
  }

  // Shows the newest, but never pushes what the buyer said last out of sight: a long answer is read from
  // its beginning.
  #follow() {
    const own = [...this.list.querySelectorAll(".from-buyer")].at(-1);
    const top = own ? own.getBoundingClientRect().top - this.node.getBoundingClientRect().top : Infinity;
    this.node.scrollTop = Math.min(this.node.scrollHeight, this.node.scrollTop + top - 12);
    this.#placed = this.node.scrollTop;
    this.more.hidden = this.#atEnd();
  }

  #atEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END;
  }

  #place(entries) {
    const wanted = [];
    entries.forEach((entry, index) => {
      const before = entries[index - 1];
      const day = dayOf(entry.message);
      if (!before || dayOf(before.message) !== day) wanted.push(this.#day(day, entry.key));
      const node = this.#node(entry);
      const first = !before || !sameGroup(before.message, entry.message);
      const takenLabel = entries.slice(index + 1).find((next) => next.message.from === "buyer")?.message.text;
      refreshMessage(node, entry, { first, takenLabel, tools: this.tools });
      wanted.push(node);
    });
    arrange(this.list, wanted);
    for (const [key, { node }] of this.#nodes) if (!node.isConnected) this.#nodes.delete(key);
  }

  #node(entry) {
    const { key, message } = entry;
    return this.#keep(
      key,
      JSON.stringify([message.text, message.choices, message.card, message.attachments]),
      () => drawMessage(entry, this.tools),
    );
  }

  #day(day, key) {
    return this.#keep(`day-${key}`, day, () => el("p", { class: "day" }, dayName(day, this.tools.language)));
  }

  #keep(key, shown, draw) {
    const known = this.#nodes.get(key);
    if (known?.shown === shown) return known.node;
    const node = draw();
    this.#nodes.set(key, { node, shown });
    return node;
  }
}

// Moves only what is out of place: moving a node takes the focus away from it.
function arrange(list, wanted) {
  const keep = new Set(wanted);
  for (const node of [...list.children]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

function sameGroup(one, other) {
  const sameSide = one.from === other.from && one.name === other.name;
  return sameSide && Math.abs(new Date(other.at) - new Date(one.at)) < SAME_GROUP;
}

function dayOf(message) {
  return new Date(message.at).toDateString();
}

function dayName(day, language) {
  const ago = Math.round((new Date(new Date().toDateString()) - new Date(day)) / 86_400_000);
  if (ago === 0 || ago === 1) {
    const name = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-ago, "day");
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  }
  const date = new Date(day);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleDateString(language, { dateStyle: "medium" });
}

function drawWelcome({ t, start }) {
  const starters = t("starters").map((text) =>
    el("button", { type: "button", class: "choice", onclick: () => start(text) }, text),
  );
  return el(
    "div",
    { class: "welcome" },
    el("span", { class: "welcome-mark" }, icon("door")),
    el("p", { class: "welcome-hello" }, t("welcome")),
    el("p", { class: "welcome-more" }, t("welcomeMore")),
    el("div", { class: "choices" }, starters),
  );
}
