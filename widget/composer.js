/** Where the buyer writes: several lines, photos and videos, and a button to send. */

import { el, icon, mark } from "./dom.js";
import { size } from "./view.js";

const LONGEST = 2000;
const COUNT_FROM = 1800;
const MOST_FILES = 5;

export class Composer {
  #files = []; // {file, node, state: "uploading" | "ready" | "failed", attachment}

  /**
   * `send({text, attachments})` takes a finished message; `upload(file)` resolves to what the server
   * answered or rejects with an ApiError; `typing()` is called when the buyer changes words not sent yet.
   */
  constructor({ t, language, send, upload, typing }) {
    Object.assign(this, { t, language, send, upload, typing });
    this.input = el("textarea", {
      class: "input",
      rows: "1",
      placeholder: t("write"),
      "aria-label": t("write"),
      "aria-describedby": "count",
      enterkeyhint: "send",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.#paste(event),
    });
    this.grow = el("div", { class: "grow" }, this.input);
    this.count = el("p", { class: "count", id: "count", hidden: true, "aria-live": "polite" });
    this.tray = el("ul", { class: "tray", hidden: true });
    this.picker = el("input", {
      type: "file",
      accept: "image/*,video/*",
      multiple: true,
      hidden: true,
      onchange: () => this.#pick(),
    });
    this.button = el("button", { class: "send", "aria-label": t("send"), disabled: true }, icon("send"));
    this.node = el("form", { class: "composer", onsubmit: (event) => this.#submit(event) }, this.#rows());
    this.#refresh();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  /** Put words in front of the buyer, to be changed or sent. */
  fill(text) {
    this.input.value = text;
    this.#refresh();
  }

  #rows() {
    const open = () => this.picker.click();
    const photo = { type: "button", class: "tool", "aria-label": this.t("photo"), onclick: open };
    return [
      this.tray,
      this.count,
      el("div", { class: "row" }, el("button", photo, icon("photo")), this.picker, this.grow, this.button),
    ];
  }

  #typed() {
    this.#refresh();
    if (this.input.value.trim()) this.typing();
  }

  // While an input method is composing, Enter picks a word; Safari ends the composition just before the
  // key and marks it with the code 229.
  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.node.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    if (!this.#sendable()) return;
    const attachments = this.#files.filter(({ state }) => state === "ready").map((one) => one.attachment);
    this.send({ text: this.input.value.trim(), ...(attachments.length ? { attachments } : {}) });
    this.#files = this.#files.filter(({ state }) => state !== "ready");
    this.fill("");
    this.focus();
  }

  #sendable() {
    if (this.#files.some(({ state }) => state === "uploading")) return false;
    if (length(this.input.value) > LONGEST) return false;
    return this.input.value.trim() !== "" || this.#files.some(({ state }) => state === "ready");
  }

  #refresh() {
    this.grow.dataset.text = this.input.value + "\n"; // the style sheet gives it the height of this text
    const used = length(this.input.value);
    this.count.hidden = used < COUNT_FROM;
    this.count.textContent =
      used > LONGEST ? this.t("tooMany", { n: used - LONGEST }) : `${used} / ${LONGEST}`;
    this.count.classList.toggle("over", used > LONGEST);
    mark(this.input, "aria-invalid", used > LONGEST && "true");
    this.tray.replaceChildren(...this.#files.map(({ node }) => node));
    this.tray.hidden = !this.#files.length;
    this.button.disabled = !this.#sendable();
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    files.forEach((file) => this.#add(file));
  }

  #pick() {
    [...this.picker.files].forEach((file) => this.#add(file));
    this.picker.value = "";
  }

  async #add(file) {
    if (this.#files.length >= MOST_FILES) return;
    const entry = { file, state: "uploading", attachment: null };
    entry.told = el("span", { class: "file-size", role: "status" }, this.t("uploading"));
    entry.node = this.#chip(entry);
    this.#files.push(entry);
    this.#refresh();
    try {
      entry.attachment = await this.upload(file);
      entry.state = "ready";
      entry.told.textContent = size(file.size, this.language);
    } catch (error) {
      entry.state = "failed";
      entry.told.textContent = this.t(
        { 413: "fileLarge", 415: "fileKind", 422: "fileKind" }[error.status] ?? "fileFailed",
      );
    }
    entry.node.dataset.state = entry.state;
    this.#refresh();
  }

  #chip(entry) {
    const kind = entry.file.type.startsWith("video/") ? "video" : "photo";
    const remove = () => {
      this.#files = this.#files.filter((other) => other !== entry);
      this.#refresh();
      this.focus();
    };
    const label = `${this.t("remove")}: ${entry.file.name}`;
    return el(
      "li",
      { class: "file", "data-state": entry.state },
      icon(kind),
      el("span", { class: "file-name" }, entry.file.name),
      entry.told,
      el(
        "button",
        { type: "button", class: "file-remove", "aria-label": label, onclick: remove },
        icon("close"),
      ),
    );
  }
}

// Characters as the server counts them: an emoji outside the basic plane is one.
function length(text) {
  return [...text].length;
}
