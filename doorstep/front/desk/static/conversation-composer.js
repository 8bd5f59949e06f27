// Writing: drafts that outlive a reload, sending in place, canned replies, and telling that one types.
import { isSignedOut } from "./live.js";

const TYPING_EVERY = 3_000;

/**
 * The forms for a reply and a note, wherever they stand in the page just now.
 * @param {{here: string, id: string, texts: DOMStringMap, announce: (text: string) => void,
 *   problem: (text: string) => void}} screen
 */
export function composer({ here, id, texts, announce, problem }) {
  const unsure = new Map(); // by form: the text and key of a sending of which no answer came
  let told = 0;

  document.addEventListener("input", ({ target }) => {
    if (!isBox(target)) return;
    keep(target);
    if (target.id === "reply" && target.value.trim()) tellTyping();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id !== "say" && form.id !== "note") return;
    event.preventDefault();
    send(form);
  });
  document.addEventListener("keydown", (event) => {
    if (
      event.key !== "Enter" ||
      !(event.ctrlKey || event.metaKey) ||
      event.isComposing ||
      !isBox(event.target)
    )
      return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const canned = event.target.closest("[data-canned]");
    const reply = document.getElementById("reply");
    if (!canned || !reply) return;
    event.preventDefault();
    put(reply, canned.dataset.canned);
  });

  async function send(form) {
    const field = form.elements.namedItem("text");
    const written = field.value;
    const key = form.elements.namedItem("key");
    const before = unsure.get(form.id);
    // The same words again after a lost answer are one sending; other words are another one.
    if (key) key.value = before?.text === written ? before.key : before ? newKey() : key.value;
    const button = form.querySelector("button");
    button.disabled = true;
    problem("");
    try {
      const answer = await post(form.action, new URLSearchParams(new FormData(form)));
      if (answer.ok) done(form, field, key, written);
      else if (answer.status !== 401 || !(await isSignedOut())) await refuse(answer);
    } catch {
      unsure.set(form.id, { text: written, key: key?.value ?? "" });
      problem(texts.notSent);
    } finally {
      button.disabled = false;
      if (field.isConnected) field.focus();
    }
  }

  function done(form, field, key, written) {
    unsure.delete(form.id);
    if (field.value === written) field.value = "";
    keep(field);
    if (key) key.value = newKey();
    announce(form.id === "say" ? texts.sent : texts.noted);
  }

  async function refuse(answer) {
    const told = await answer.json().catch(() => null);
    problem(told?.error?.message ?? texts.notSent);
  }

  function tellTyping() {
    if (Date.now() - told < TYPING_EVERY) return;
    told = Date.now();
    post(`${here}/typing`, new URLSearchParams()).catch(() => {}); // nobody misses it
  }

  function keep(field) {
    if (field.value) sessionStorage.setItem(draft(field.id), field.value);
    else sessionStorage.removeItem(draft(field.id));
  }

  /** Put drafts back where they belong; what has no box any more is shown, to be copied. */
  function restore() {
    for (const name of ["reply", "note-text"]) {
      const field = document.getElementById(name);
      const kept = sessionStorage.getItem(draft(name)) ?? "";
      if (field?.value) keep(field);
      else if (field) field.value = kept;
      if (name === "reply") showLost(field ? "" : kept);
    }
    if (document.getElementById("note-text")?.value) document.getElementById("note-part").open = true;
  }

  function showLost(text) {
    document.getElementById("lost").hidden = !text || Boolean(document.getElementById("kept"));
    document.getElementById("lost-text").value = text;
  }

  function put(field, text) {
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
    keep(field);
    tellTyping();
    field.focus();
    field.scrollTop = field.scrollHeight;
  }

  function draft(name) {
    return `desk-${name}-${id}`;
  }

  return { restore };
}

function isBox(element) {
  return element.id === "reply" || element.id === "note-text";
}

function post(address, body) {
  const headers = { Accept: "application/json", "X-CSRF-Token": document.body.dataset.csrf };
  return fetch(address, { method: "POST", headers, body });
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
