/** Tells the people of the shop that the buyer is typing, while one of them has the conversation or will. */

import { ApiError } from "./api.js";

const EVERY = 3000; // milliseconds; the server keeps it for twice as long

export class TypingSignal {
  #next = 0;

  constructor(api, session, conversation) {
    Object.assign(this, { api, session, conversation });
  }

  /** The buyer has changed the words to send. Nothing depends on the signal, so a failed one is forgotten. */
  async send() {
    const { connected, withPeople } = this.conversation;
    const now = performance.now();
    if (now < this.#next || !connected || !withPeople || !this.session.exists) return;
    this.#next = now + EVERY;
    try {
      await this.api.typing(await this.session.token());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
