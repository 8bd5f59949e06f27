/**
 * Says to screen readers who has the conversation now. Most changes come with a message that says so, and the
 * list of messages is read out already: only a change without one is announced, a moment later.
 */

import { el, word } from "./dom.js";

const NEAR = 1500; // milliseconds between a change and a message that tells of it

export class Announcement {
  #turn = 0;
  #timer = 0;

  constructor() {
    this.node = el("p", { class: "unseen announcement", role: "status" });
  }

  /** `line` says who has it, as a sentence. */
  update(conversation, line) {
    const { turn } = conversation;
    if (turn === this.#turn) return;
    this.#turn = turn;
    clearTimeout(this.#timer);
    word(this.node, "");
    if (turn === 0) return; // another conversation
    const since = performance.now() - NEAR;
    const say = () => conversation.toldSince(since) || word(this.node, line);
    this.#timer = setTimeout(say, NEAR);
  }
}
