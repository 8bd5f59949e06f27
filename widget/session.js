/**
 * The buyer's session with the server: opened when it is first needed, renewed in the second half of its
 * life, and replaced when the server does not know it any more.
 */

import { ApiError } from "./api.js";

// A device whose clock is wrong sees every session as old; this keeps it from renewing on each call.
const RENEW_AT_MOST_EVERY = 5 * 60_000;

export class Session {
  #opening = null;
  #renewedAt = 0;

  /**
   * `details()` gives the body of a new session; `onOpened()` is told when there is a session to work
   * with, `onEnded()` when one, and with it the conversation on the server, is over.
   */
  constructor(api, store, details, { onOpened, onEnded }) {
    this.api = api;
    this.store = store;
    this.details = details;
    this.onOpened = onOpened;
    this.onEnded = onEnded;
  }

  get exists() {
    return this.store.session !== null;
  }

  get conversationId() {
    return this.store.session?.conversationId ?? "";
  }

  /** A token to call with; opens or renews the session as needed. Raises ApiError. */
  async token() {
    const session = this.store.session;
    if (session && !due(session, this.#renewedAt)) return session.token;
    this.#opening ??= this.#open(session).finally(() => (this.#opening = null));
    return this.#opening;
  }

  /** The server refused `token`: forget it, unless another tab has replaced it already. */
  drop(token) {
    if (this.store.session?.token !== token) return;
    this.store.session = null;
    this.store.seen = 0;
    this.onEnded();
  }

  async #open(old) {
    if (old) this.#renewedAt = Date.now();
    try {
      return this.#keep(await this.api.openSession(this.details(), old?.token), old);
    } catch (error) {
      if (!old || !(error instanceof ApiError)) throw error;
      if (error.status !== 401) return old.token;
      this.drop(old.token);
      throw error;
    }
  }

  #keep(answer, old) {
    if (old && old.conversationId !== answer.conversation_id) this.drop(old.token);
    this.store.session = {
      token: answer.session_token,
      conversationId: answer.conversation_id,
      expiresAt: milliseconds(answer.expires_at),
      since: Date.now(),
    };
    this.onOpened();
    return answer.session_token;
  }
}

function due(session, renewedAt) {
  const now = Date.now();
  return now > (session.since + session.expiresAt) / 2 && now > renewedAt + RENEW_AT_MOST_EVERY;
}

// An ISO time, or seconds since 1970.
function milliseconds(time) {
  return typeof time === "number" ? time * 1000 : Date.parse(time);
}
