/**
 * What must outlive a reload: the session and the messages the server has not accepted yet.
 *
 * Kept in localStorage, read anew on every access because another tab of the same shop shares it. Where
 * the browser forbids storage (private mode, a sandboxed frame) it is kept in memory for this page.
 */

export class Store {
  /** `name` tells conversations with different servers and shops apart. */
  constructor(name) {
    this.prefix = `doorstep:${name}:`;
    this.memory = new Map();
  }

  /** `{token, conversationId, expiresAt, since}` (times in milliseconds), or null. */
  get session() {
    return this.#read("session");
  }

  set session(value) {
    this.#write("session", value);
  }

  /** The number of the last message the buyer has seen in the open panel. */
  get seen() {
    return this.#read("seen") ?? 0;
  }

  set seen(value) {
    this.#write("seen", value);
  }

  /** Messages not accepted yet, oldest first. */
  get unsent() {
    const list = this.#read("unsent");
    return Array.isArray(list) ? list : [];
  }

  addUnsent(item) {
    this.#write("unsent", [...this.unsent, item]);
  }

  changeUnsent(id, changes) {
    this.#write(
      "unsent",
      this.unsent.map((item) => (item.id === id ? { ...item, ...changes } : item)),
    );
  }

  removeUnsent(id) {
    const rest = this.unsent.filter((item) => item.id !== id);
    this.#write("unsent", rest.length ? rest : null);
  }

  /** Forget the session and everything that belongs to it. */
  clear() {
    for (const key of ["session", "seen", "unsent"]) this.#write(key, null);
  }

  #read(key) {
    const name = this.prefix + key;
    let text;
    try {
      text = localStorage.getItem(name) ?? this.memory.get(name);
    } catch {
      text = this.memory.get(name);
    }
    try {
      return text ? JSON.parse(text) : null;
    } catch {
      return null;
    }
  }

  #write(key, value) {
    const name = this.prefix + key;
    this.memory.delete(name);
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify(value));
    } catch {
      if (value !== null) this.memory.set(name, JSON.stringify(value));
    }
  }
}
