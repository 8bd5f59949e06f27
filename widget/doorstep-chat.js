/**
 * `<doorstep-chat>`: the buyer's chat on a shop's page. This module defines the element and wires the
 * parts; docs/widget.md lists its attributes, properties and methods.
 */

import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Frame } from "./frame.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { Session } from "./session.js";
import { Store } from "./store.js";
import { labels, languageFor } from "./strings.js";
import { sheets } from "./styles.js";
import { TypingSignal } from "./typing.js";

const REST_WHEN_HIDDEN = 30_000;

class DoorstepChat extends HTMLElement {
  static observedAttributes = ["open"];

  #parts = null;
  #photos = new Map(); // attachment id → promise of an address the page can show
  #leave = null;
  #resting = null;

  /** Whether the panel is open. */
  get open() {
    return this.hasAttribute("open");
  }

  set open(value) {
    this.toggleAttribute("open", Boolean(value));
  }

  /** Open the panel with `text` in the input, for the buyer to change or send. */
  compose(text) {
    this.open = true;
    this.#parts?.composer.fill(text);
    this.#parts?.composer.focus();
  }

  /** Forget the conversation on this device, for instance when the buyer signs out of the shop. */
  forget() {
    const { connection, store, conversation } = this.#parts ?? this.#build();
    connection.stop();
    store.clear();
    this.#photos.clear();
    conversation.forget();
  }

  connectedCallback() {
    if (!this.#parts) this.#build();
    this.#listen();
    this.#parts.connection.start();
    this.#parts.outbox.start();
    this.#show(false);
  }

  disconnectedCallback() {
    this.#leave?.abort();
    this.#parts?.connection.stop();
  }

  attributeChangedCallback() {
    if (this.#parts && this.isConnected) this.#show(false);
  }

  #build() {
    const server = this.getAttribute("server") || new URL(import.meta.url).origin;
    const store = new Store(`${server}:${this.getAttribute("shop") ?? ""}`);
    const api = new Api(server);
    const conversation = new Conversation(store, () => this.#update());
    const session = new Session(api, store, () => this.#details(), {
      onOpened: () => this.isConnected && connection.start(),
      onEnded: () => this.#sessionEnded(),
    });
    const connection = new Connection(api, session, conversation);
    const outbox = new Outbox(api, session, store, conversation);
    const signal = new TypingSignal(api, session, conversation);
    this.#parts = { store, api, conversation, session, connection, outbox, signal };
    this.#draw();
    return this.#parts;
  }

  #draw() {
    const t = labels(this.#language);
    const tools = {
      t,
      language: this.#language,
      take: (choice) => this.#take(choice),
      start: (text) => this.#start(text),
      edit: (id) => this.#edit(id),
      remove: (id) => this.#parts.outbox.takeBack(id),
      photo: (attachment) => this.#photo(attachment),
    };
    const composer = new Composer({
      t,
      language: this.#language,
      send: (message) => this.#parts.outbox.add(message),
      upload: (file) => this.#upload(file),
      typing: () => this.#parts.signal.send(),
    });
    const log = new Log(tools);
    const heading = this.getAttribute("heading") || t("title");
    const frame = new Frame({ t, heading, log, composer, toggle: (open) => this.#toggle(open) });
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = sheets();
    for (const node of frame.nodes) node.setAttribute("lang", this.#language);
    root.replaceChildren(...frame.nodes);
    Object.assign(this.#parts, { composer, log, frame });
  }

  get #language() {
    const wish = this.getAttribute("lang") || document.documentElement.lang || navigator.language;
    return languageFor(wish || "en");
  }

  #details() {
    const identity = this.getAttribute("identity-token");
    const shop = this.getAttribute("shop");
    return {
      language: this.#language,
      ...(shop ? { shop } : {}),
      ...(identity ? { identity_token: identity } : {}),
    };
  }

  // A page in the background gives its connection back after a while; browsers allow few per server.
  #listen() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const wake = () => {
      clearTimeout(this.#resting);
      this.#parts.connection.start();
      this.#parts.connection.wake();
      this.#parts.outbox.wake();
      this.#update();
    };
    const rest = () => (this.#resting = setTimeout(() => this.#parts.connection.stop(), REST_WHEN_HIDDEN));
    window.addEventListener("online", wake, { signal });
    document.addEventListener("visibilitychange", () => (document.hidden ? rest() : wake()), { signal });
  }

  #toggle(open) {
    this.open = open;
    this.#show(true);
  }

  #show(withFocus) {
    this.#parts.frame.open(this.open, withFocus);
    this.#update();
  }

  #update() {
    const { conversation, log, frame } = this.#parts ?? {};
    if (!frame) return;
    if (this.open && !document.hidden) conversation.see();
    log.update(conversation);
    frame.update(conversation);
  }

  #take(choice) {
    this.#parts.log.node.focus({ preventScroll: true }); // the button that has the focus is about to go
    this.#parts.outbox.add({ text: choice.label, choice: choice.token });
  }

  #start(text) {
    this.#parts.log.node.focus({ preventScroll: true });
    this.#parts.outbox.add({ text });
  }

  #edit(id) {
    const item = this.#parts.outbox.takeBack(id);
    this.#parts.composer.fill(item?.text ?? "");
    this.#parts.composer.focus();
  }

  #sessionEnded() {
    this.#parts.connection.stop();
    this.#parts.outbox.sessionEnded();
    this.#parts.conversation.end(labels(this.#language)("ended"));
  }

  async #upload(file) {
    const { api, session } = this.#parts;
    const token = await session.token();
    try {
      const attachment = await api.upload(file, token);
      this.#photos.set(attachment.id, Promise.resolve(URL.createObjectURL(file)));
      return attachment;
    } catch (error) {
      if (error.status === 401) session.drop(token);
      throw error;
    }
  }

  #photo({ id }) {
    if (!this.#photos.has(id)) this.#photos.set(id, this.#fetchPhoto(id));
    return this.#photos.get(id);
  }

  async #fetchPhoto(id) {
    try {
      const { api, session } = this.#parts;
      return URL.createObjectURL(await api.attachment(id, await session.token()));
    } catch {
      this.#photos.delete(id);
      return "";
    }
  }
}

if (!customElements.get("doorstep-chat")) customElements.define("doorstep-chat", DoorstepChat);
