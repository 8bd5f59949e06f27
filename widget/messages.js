/**
 * From a message to its drawing. A new shape is one row here and one function in view.js; a card of a
 * type without a row is left out, its message's text says the same.
 */

import { el, icon, mark, word } from "./dom.js";
import { drawAttachments, drawChoices, drawNotice, drawText, drawTracking } from "./view.js";

const SHAPES = [
  { in: (message) => message.text && message.from === "notice", draw: drawNotice },
  { in: (message) => message.text && message.from !== "notice", draw: drawText },
  { in: (message) => message.attachments?.length, draw: drawAttachments },
  { in: (message) => message.card?.type === "tracking", draw: drawTracking },
  { in: (message) => message.choices?.length, draw: drawChoices },
];

/** Draw one entry of conversation.js; `tools` is handed to the drawing functions. */
export function drawMessage({ message }, tools) {
  const shapes = SHAPES.filter((shape) => shape.in(message));
  const from = ["buyer", "agent", "notice"].includes(message.from) ? message.from : "assistant";
  return el(
    "div",
    { class: `message from-${from}` },
    drawMeta(message, from, tools),
    shapes.map((shape) => shape.draw(message, tools)),
    el("div", { class: "state" }),
  );
}

function drawMeta(message, from, { t, language }) {
  if (from === "notice") return null;
  const at = new Date(message.at);
  const time = Number.isNaN(at.getTime()) ? "" : at.toLocaleTimeString(language, { timeStyle: "short" });
  return el(
    "p",
    { class: "meta" },
    from === "agent" ? drawPerson() : el("span", { class: "who" }, t(from === "buyer" ? "you" : from)),
    el("span", { class: "separator" }, " · "),
    el("time", { datetime: message.at }, time),
  );
}

// A name to look at, and the same as a sentence to hear; sign() fills both.
function drawPerson() {
  return [
    el("span", { class: "who", "aria-hidden": "true" }, icon("person"), el("bdi", { class: "name" })),
    el("span", { class: "unseen wrote" }),
  ];
}

// The name may become known only after the message.
function sign(node, name, t) {
  word(node.querySelector(".name"), name || t("agent"));
  word(node.querySelector(".wrote"), name ? t("wroteAgent", { name }) : t("wroteColleague"));
}

/** Bring what changes over time up to date: delivery, choices, a person's name, whether it starts a group. */
export function refreshMessage(node, entry, { first, takenLabel, tools }) {
  node.classList.toggle("first", first);
  if (entry.message.from === "agent") sign(node, entry.message.name, tools.t);
  if (node.dataset.state !== entry.state) {
    node.dataset.state = entry.state;
    node.querySelector(".state").replaceChildren(...drawState(entry, tools));
  }
  for (const button of node.querySelectorAll(".choice")) {
    mark(button, "disabled", !entry.live);
    button.classList.toggle("taken", !entry.live && button.textContent === takenLabel);
  }
}

const STATES = { sending: "sending", waiting: "waiting", slow: "slow" };
const REASONS = { long: "refusedLong", files: "refusedFiles", other: "refusedOther" };

function drawState({ state, refused, message }, { t, edit, remove }) {
  if (STATES[state]) return [el("span", {}, t(STATES[state]))];
  if (state !== "refused") return [];
  return [
    el("span", { role: "alert" }, t(REASONS[refused] ?? REASONS.other)),
    el("button", { type: "button", class: "quiet", onclick: () => edit(message.id) }, t("edit")),
    el("button", { type: "button", class: "quiet", onclick: () => remove(message.id) }, t("remove")),
  ];
}
