/**
 * Keeps the conversation up to date: fetches what was missed, then follows the event stream, or holds
 * long polls where streams do not get through, and comes back after every kind of trouble.
 */

import { ApiError } from "./api.js";
import { StreamSilent, events } from "./sse.js";
import { Pause, backoff } from "./waiting.js";

const HOLD = 25; // seconds a long poll is held by the server
const FIRST_BYTE = 10_000;
const SILENCE = 45_000;
const LIVELY = 5_000; // a stream that lasted this long was worth having
const STREAM_AGAIN = 120_000;

export class Connection {
  #abort = null;
  #pause = new Pause();
  #failures = 0;
  #streamFailures = 0;
  #pollUntil = 0;

  /** `conversation` receives what arrives (conversation.js). */
  constructor(api, session, conversation) {
    this.api = api;
    this.session = session;
    this.conversation = conversation;
  }

  /** Begin to listen, if there is a session and nobody listens yet. */
  start() {
    if (this.#abort || !this.session.exists) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#run(abort.signal).finally(() => {
      if (this.#abort === abort) this.#abort = null;
    });
  }

  stop() {
    this.#abort?.abort();
    this.#abort = null;
  }

  /** Try again now instead of at the end of the pause. */
  wake() {
    this.#pause.wake();
  }

  async #run(signal) {
    while (!signal.aborted && this.session.exists) {
      let token = "";
      try {
        token = await this.session.token();
        this.conversation.switchTo(this.session.conversationId);
        await this.#catchUp(token, signal);
        this.#failures = 0;
        if (Date.now() < this.#pollUntil) await this.#poll(token, signal);
        else await this.#stream(token, signal);
      } catch (error) {
        if (signal.aborted) return;
        await this.#recover(error, token, signal);
      }
    }
  }

  async #catchUp(token, signal) {
    for (;;) {
      const answer = await this.api.messages(this.conversation.last, 0, token, signal);
      if (signal.aborted) return;
      this.#takePage(answer);
      if (!answer.messages.length || this.conversation.last >= answer.last) break;
    }
    this.conversation.online(true);
  }

  async #poll(token, signal) {
    while (!signal.aborted && Date.now() < this.#pollUntil) {
      const answer = await this.api.messages(this.conversation.last, HOLD, token, signal);
      if (signal.aborted) return;
      this.#takePage(answer);
    }
  }

  #takePage({ messages, pending, owner, name }) {
    this.conversation.receive(messages, pending);
    if (owner) this.conversation.ownedBy(owner, name);
  }

  async #stream(token, signal) {
    const abort = new AbortController();
    const stop = () => abort.abort();
    signal.addEventListener("abort", stop, { once: true });
    const began = Date.now();
    let heard = false;
    try {
      const body = await this.api.events(this.conversation.last, token, abort.signal);
      for await (const event of events(body, FIRST_BYTE, SILENCE)) {
        if (signal.aborted) return;
        heard = true;
        this.#take(event);
      }
    } catch (error) {
      if (signal.aborted || error.status === 401 || error.status === 429) throw error;
      if (error instanceof StreamSilent && error.fromTheStart) return this.#pollForAWhile();
    } finally {
      signal.removeEventListener("abort", stop);
      stop();
      this.conversation.unheard();
    }
    await this.#streamEnded(heard || Date.now() - began > LIVELY, signal);
  }

  async #streamEnded(useful, signal) {
    this.#streamFailures = useful ? 0 : this.#streamFailures + 1;
    if (this.#streamFailures >= 2) this.#pollForAWhile();
    else await this.#pause.sleep(backoff(1), signal);
  }

  // Streams do not get through: refused, cut at once, or collected by a proxy.
  #pollForAWhile() {
    this.#pollUntil = Date.now() + STREAM_AGAIN;
    this.#streamFailures = 0;
  }

  #take({ event, data }) {
    const value = JSON.parse(data);
    if (event === "message") this.conversation.receive([value]);
    else if (event === "typing") this.conversation.typing(value.typing === true);
    else if (event === "owner") this.conversation.ownedBy(value.owner, value.name);
  }

  async #recover(error, token, signal) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 && token) {
      this.session.drop(token);
      return;
    }
    this.#failures += 1;
    if (error.status !== 429) this.conversation.online(false);
    await this.#pause.sleep(backoff(this.#failures, error.retryAfter), signal);
  }
}
