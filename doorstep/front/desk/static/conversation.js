// The screen of a conversation, alive: new lines, who types, who has it, what was delivered; replies are sent in place.
import { composer } from "./conversation-composer.js";
import { shortcuts } from "./conversation-shortcuts.js";
import { listen } from "./live.js";

const SAID_AGAIN = 60_000; // how old a "12 min" may get
const NARROW = "(max-width: 860px)";

const screen = document.getElementById("conversation");
const here = `/desk/conversations/${screen.dataset.id}`;
const scroll = document.getElementById("scroll");
const lines = document.getElementById("lines");
const about = document.getElementById("about");
const box = composer({ here, id: screen.dataset.id, texts: screen.dataset, announce, problem });
let mark = screen.dataset.mark;
let digest = screen.dataset.digest;
let change = mark.split("-")[2];
let atEnd = true;

if (matchMedia(NARROW).matches) about.open = false;
box.restore();
shortcuts();
toEnd();
scroll.addEventListener("scroll", () => {
  atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
});
new ResizeObserver(() => atEnd && toEnd()).observe(scroll); // what is opened below takes from its height

const handlers = {
  lines(data) {
    const stay = atEnd;
    const made = document.createElement("template");
    made.innerHTML = data.html; // made by the server, which has escaped all that comes from outside
    if (made.content.querySelector(".from-agent")) renew("head"); // the answer is no longer due
    for (const line of [...made.content.children]) {
      if (!line.id || !document.getElementById(line.id)) lines.append(line);
    }
    mark = data.mark;
    if (stay) toEnd();
    for (const text of data.heard) announce(screen.dataset.said.replace("{text}", () => text));
  },
  delivered(data) {
    for (const sign of lines.querySelectorAll(".delivery")) {
      sign.toggleAttribute("data-waits", data.waiting.includes(Number(sign.dataset.seq)));
    }
  },
  typing(data) {
    buyerTypes(data.typing);
  },
  async owner(data) {
    if (String(data.change) === change) return;
    change = String(data.change);
    await Promise.all([renew("head"), renewWork()]);
    announce(document.querySelector("#head .holder").textContent.replace(/\s+/g, " ").trim());
  },
  async brief(data) {
    if (data.digest === digest) return;
    digest = data.digest;
    await Promise.all([renew("head"), renew("side")]);
  },
};
// A stream that begins tells of typing only if there is any: what an earlier one told last may be long over.
listen(
  () => `${here}/events?after=${mark}`,
  handlers,
  () => buyerTypes(false),
);

setInterval(() => document.hidden || renew("head"), SAID_AGAIN);

/** Load a part of the page again; what is being used in it just now is left alone. */
async function renew(name) {
  const part = document.getElementById(name);
  const html = await fragment(name);
  if (html === null || part.contains(document.activeElement)) return;
  part.innerHTML = html;
  document.dispatchEvent(new Event("desk:renewed"));
}

/** The box where one writes is another one when the conversation has another owner; what was written goes along. */
async function renewWork() {
  const work = document.getElementById("work");
  const html = await fragment("work");
  if (html === null) return;
  const hadFocus = work.contains(document.activeElement);
  work.innerHTML = html;
  box.restore();
  if (hadFocus) (document.getElementById("reply") ?? work).focus();
}

async function fragment(name) {
  try {
    const answer = await fetch(`${here}/${name}`, {
      cache: "no-store",
      headers: { Accept: "application/json" },
    });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null; // the stream begins again soon, and then it is asked for once more
  }
}

function buyerTypes(does) {
  const words = document.getElementById("typing-words").textContent;
  document.getElementById("typing").textContent = does ? words : "";
}

function announce(text) {
  const heard = document.getElementById("heard");
  heard.textContent = heard.textContent === text ? `${text}\u00a0` : text; // the same words again are heard, too
}

function problem(text) {
  const shown = document.getElementById("problem");
  shown.textContent = text;
  shown.hidden = !text;
}

function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
}
