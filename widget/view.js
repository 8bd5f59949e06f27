/**
 * Drawing: one function per shape a message can hold. Each takes the message and the tools of the log
 * (`t` for labels, `language`, and what its buttons do) and returns one node.
 */

import { el, icon, linked, mark, word } from "./dom.js";

const SCANS_SHOWN = 3;

// What a parcel's status means for its colour; a status not listed here is drawn without one. Other
// servers' words stand beside Doorstep's own (parcels.Stage).
const TONES = {
  ...tone("good", "delivered", "out_for_delivery"),
  ...tone("calm", "moving", "at_destination", "unregistered", "in_transit", "shipped"),
  ...tone("warn", "late", "customs_held", "waiting_for_pickup", "waiting_pickup", "delivery_failed"),
  ...tone("bad", "problem", "lost", "stuck", "going_back", "returning", "returned"),
};

function tone(name, ...statuses) {
  return Object.fromEntries(statuses.map((status) => [status, name]));
}

/** The words of a message. */
export function drawText(message) {
  return el("p", { class: "bubble", dir: "auto" }, linked(message.text));
}

/** A line about the conversation itself, said by nobody. */
export function drawNotice(message) {
  return el("p", { class: "notice", dir: "auto" }, linked(message.text));
}

/** The choices of a message; `tools.take(choice)` is called with the one that is taken. */
export function drawChoices(message, { take }) {
  const buttons = message.choices.map((choice) =>
    el("button", { type: "button", class: "choice", onclick: () => take(choice) }, choice.label),
  );
  return el("div", { class: "choices", role: "group" }, buttons);
}

/** Photos and videos; a photo is shown once `tools.photo(attachment)` has brought its address. */
export function drawAttachments(message, tools) {
  const items = message.attachments.map((attachment) => el("li", {}, drawAttachment(attachment, tools)));
  return el("ul", { class: "attachments" }, items);
}

function drawAttachment(attachment, tools) {
  const isPhoto = attachment.type?.startsWith("image/");
  const chip = el(
    "span",
    { class: "file" },
    icon(attachment.type?.startsWith("video/") ? "video" : "file"),
    el("span", { class: "file-name" }, attachment.name ?? ""),
    el("span", { class: "file-size" }, size(attachment.size, tools.language)),
  );
  if (!isPhoto) return chip;
  const frame = el("span", { class: "photo" }, chip);
  tools.photo(attachment).then((address) => {
    if (address) frame.replaceChildren(el("img", { src: address, alt: attachment.name ?? "" }));
  });
  return frame;
}

/** A size in bytes in the buyer's words, e.g. "1.4 MB". */
export function size(bytes, language) {
  if (!bytes) return "";
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  const format = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: value < 10 ? 1 : 0 };
  return new Intl.NumberFormat(language, format).format(value);
}

/** An order's parcels, each with its way, newest step first. */
export function drawTracking(message, tools) {
  const { order_number: number, parcels = [] } = message.card;
  return el(
    "div",
    { class: "card", role: "group", "aria-label": tools.t("order", { n: number }) },
    el("p", { class: "card-title" }, icon("parcel"), tools.t("order", { n: number })),
    parcels.map((parcel) => drawParcel(parcel, tools)),
  );
}

function drawParcel(parcel, { t }) {
  const expected = parcel.expected_by && [
    el("span", { class: "parcel-label" }, t("expected")),
    " ",
    el("strong", {}, parcel.expected_by),
  ];
  return el(
    "div",
    { class: "parcel" },
    el("p", { class: "pill", "data-tone": TONES[parcel.status] ?? "plain" }, parcel.status_text),
    expected && el("p", { class: "parcel-expected" }, expected),
    el(
      "p",
      { class: "parcel-number" },
      el("span", { class: "parcel-carrier" }, parcel.carrier),
      " ",
      el("span", { class: "number" }, parcel.tracking_number ?? t("noNumber")),
    ),
    parcel.scans?.length && drawWay(parcel.scans, t),
  );
}

// The first steps are shown; the rest opens with a button that stays in its place.
function drawWay(scans, t) {
  const steps = scans.map((scan) => drawScan(scan));
  const list = el("ol", { class: "way" }, steps);
  if (steps.length <= SCANS_SHOWN + 1) return list;
  const rest = steps.slice(SCANS_SHOWN);
  const button = el("button", { type: "button", class: "quiet", onclick: () => show(!isOpen()) });
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  const show = (open) => {
    for (const step of rest) step.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? t("fewer") : t("earlier", { n: rest.length });
  };
  show(false);
  return el("div", {}, list, button);
}

function drawScan({ at, text, place }) {
  return el(
    "li",
    { class: "step" },
    el("span", { class: "step-text", dir: "auto" }, text),
    el("span", { class: "step-meta" }, [at, place].filter(Boolean).join(" · ")),
  );
}

/** Three moving dots while an answer is made; refreshTyping says by whom. */
export function drawTyping() {
  const dots = [1, 2, 3].map(() => el("span", { class: "dot" }));
  return el("div", { class: "typing", hidden: true }, el("span", { class: "typing-text" }), dots);
}

/** Say who is writing: a person for everybody to see, the assistant to screen readers only. */
export function refreshTyping(node, owner, agent, t) {
  const byPerson = agent ? t("typingAgent", { name: agent }) : t("typingColleague");
  mark(node, "data-person", owner === "agent");
  word(node.querySelector(".typing-text"), owner === "agent" ? byPerson : t("typing"));
}
