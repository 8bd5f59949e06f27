/**
 * Hands the buyer's messages to the server, in order, until each is accepted. A message waits in the
 * store from the moment it is written; it carries an id made here, so sending it twice is harmless.
 */

import { ApiError } from "./api.js";
import { Pause, backoff } from "./waiting.js";

export class Outbox {
  #running = false;
  #pause = new Pause();

  constructor(api, session, store, conversation) {
    this.api = api;
    this.session = session;
    this.store = store;
    this.conversation = conversation;
  }

  /** Queue `{text, choice?, attachments?}` and start sending. Attachments are what an upload answered. */
  add(message) {
    this.store.addUnsent({ id: newId(), at: new Date().toISOString(), ...message });
    this.conversation.changed();
    this.start();
  }

  /** Take back a message that was refused; returns it. */
  takeBack(id) {
    const item = this.store.unsent.find((one) => one.id === id);
    this.store.removeUnsent(id);
    this.conversation.changed();
    return item;
  }

  /** A new conversation knows neither the choices nor the photos of the old one. */
  sessionEnded() {
    for (const item of this.store.unsent) {
      if (item.choice) this.store.changeUnsent(item.id, { choice: null });
      if (item.attachments?.length) this.store.changeUnsent(item.id, { refused: "files", attachments: [] });
    }
  }

  /** Try again now instead of at the end of the pause. */
  wake() {
    this.#pause.wake();
  }

  async start() {
    if (this.#running) return;
    this.#running = true;
    try {
      let failures = 0;
      for (let item = this.#next(); item; item = this.#next()) {
        const error = await this.#deliver(item);
        failures = error ? failures + 1 : 0;
        if (error) await this.#pause.sleep(backoff(failures, error.retryAfter));
      }
    } finally {
      this.#running = false;
    }
  }

  #next() {
    return this.store.unsent.find((item) => !item.refused);
  }

  // Returns the error that calls for a pause, or null when the message is dealt with.
  async #deliver(item) {
    let token = "";
    try {
      token = await this.session.token();
      const answer = await this.api.send(body(item), token);
      this.store.removeUnsent(item.id);
      this.conversation.online(true);
      this.conversation.switchTo(this.session.conversationId);
      this.conversation.accepted(item, answer.seq);
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return this.#failed(item, error, token);
    }
  }

  #failed(item, error, token) {
    if (error.status === 401 && token) {
      this.session.drop(token);
      return null;
    }
    // Without a token it was the session that failed, which says nothing against the message.
    if (!error.passing && token) {
      this.store.changeUnsent(item.id, { refused: reason(error) });
      this.conversation.changed();
      return null;
    }
    if (error.status === 0) this.conversation.online(false);
    this.store.changeUnsent(item.id, { trouble: error.status === 429 ? "slow" : "waiting" });
    this.conversation.changed();
    return error;
  }
}

function reason({ status, code }) {
  if (status === 413 || code === "text_too_long") return "long";
  return code === "unknown_attachment" ? "files" : "other";
}

function body({ id, text, choice, attachments }) {
  return {
    id,
    ...(choice ? { choice } : text ? { text } : {}),
    ...(attachments?.length ? { attachments: attachments.map((one) => one.id) } : {}),
  };
}

// crypto.randomUUID exists on https and localhost only; shops are tried out on plain addresses too.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
