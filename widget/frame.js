/** The launcher and the panel around the conversation. */

import { Announcement } from "./announcement.js";
import { el, icon, mark } from "./dom.js";

const SMALL = "(max-width: 480px)";
const WHO = { assistant: "byAssistant", queue: "byQueue", agent: "byAgent", closed: "byNobody" };

export class Frame {
  /** `heading` is the panel's title; `toggle(open)` is called when the buyer opens or closes it. */
  constructor({ t, heading, log, composer, toggle }) {
    Object.assign(this, { t, log, composer, toggle });
    this.badge = el("span", { class: "badge", hidden: true });
    this.launcher = el(
      "button",
      { type: "button", class: "launcher", "aria-controls": "panel", onclick: () => toggle(!this.isOpen) },
      icon("chat"),
      icon("down"),
      this.badge,
    );
    this.who = el("p", { class: "header-who" });
    this.announcement = new Announcement();
    this.banner = el("p", { class: "banner", role: "status" });
    this.panel = el(
      "section",
      { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      this.#header(heading),
      this.announcement.node,
      this.banner,
      el("div", { class: "middle" }, log.node, log.more),
      composer.node,
    );
    for (const node of this.nodes) node.addEventListener("keydown", (event) => this.#key(event));
    this.isOpen = false;
  }

  get nodes() {
    return [this.launcher, this.panel];
  }

  /** Show or hide the panel. The focus follows only when the buyer asked for it. */
  open(isOpen, withFocus) {
    this.isOpen = isOpen;
    this.panel.hidden = !isOpen;
    this.launcher.setAttribute("aria-expanded", String(isOpen));
    this.launcher.classList.toggle("is-open", isOpen);
    if (isOpen) this.log.toEnd();
    if (withFocus) (isOpen ? this.composer : this.launcher).focus();
  }

  /** Bring the panel up to date with the conversation. */
  update(conversation) {
    const { owner, agent, connected, unread } = conversation;
    const line = this.t(WHO[owner] ?? WHO.assistant);
    this.who.replaceChildren(...(agent ? drawAgent(agent, this.t) : [line]));
    this.announcement.update(conversation, agent ? this.t("withAgent", { name: agent }) : line);
    this.panel.dataset.owner = owner;
    this.banner.textContent = connected ? "" : this.t("connecting");
    this.badge.hidden = this.isOpen || !unread;
    this.badge.textContent = unread > 9 ? "9+" : String(unread);
    const name = this.t(this.isOpen ? "close" : "open");
    const more = !this.isOpen && unread ? `, ${this.t("unread", { n: unread })}` : "";
    mark(this.launcher, "aria-label", name + more);
  }

  #header(heading) {
    const close = {
      type: "button",
      class: "close",
      "aria-label": this.t("close"),
      onclick: () => this.toggle(false),
    };
    return el(
      "div",
      { class: "header" },
      el("span", { class: "mark" }, icon("door"), icon("person")),
      el("div", { class: "header-text" }, el("h2", { class: "title", id: "title" }, heading), this.who),
      el("button", close, icon("close")),
    );
  }

  #key(event) {
    if (event.key === "Escape" && this.isOpen && !event.isComposing && event.keyCode !== 229) {
      event.stopPropagation();
      this.toggle(false);
    } else if (event.key === "Tab" && matchMedia(SMALL).matches) {
      this.#stayInside(event);
    }
  }

  // On a small screen the panel covers the page; what is behind it must not take the focus.
  #stayInside(event) {
    const all = [...this.panel.querySelectorAll("button, textarea, a[href], [tabindex='0']")];
    const usable = all.filter((node) => !node.disabled && node.getClientRects().length);
    const [first, last] = [usable[0], usable.at(-1)];
    const focused = this.panel.getRootNode().activeElement;
    if (event.shiftKey ? focused !== first : focused !== last) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

function drawAgent(name, t) {
  return [el("bdi", { class: "header-name" }, name), ` · ${t("agent")}`];
}
