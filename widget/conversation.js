/**
 * What is known of the conversation, apart from how it is drawn: the server's messages, those still on
 * their way, who answers, and whether an answer is being made.
 */

export class Conversation {
  #messages = new Map(); // by the server's number
  #past = []; // entries of a conversation that ended while it was on the screen
  #ownerKnown = false; // the server has said who the owner is
  #ownerSince = 0; // the last message there was when the owner was told
  #heard = {}; // when a message came last, by its sender
  #changed;

  /** `changed()` is called after every change. */
  constructor(store, changed) {
    this.store = store;
    this.#changed = changed;
    this.id = "";
    this.last = 0;
    this.owner = "assistant";
    this.agent = ""; // the name of the person who has it, where it is known
    this.turn = 0; // how often who has it changed
    this.connected = true;
    this.pending = false;
    this.isTyping = false;
  }

  changed() {
    this.#changed();
  }

  /** Show another conversation; nothing happens when it is the one shown. */
  switchTo(id) {
    if (id === this.id) return;
    if (this.id) this.#clear();
    this.id = id;
    this.changed();
  }

  /** The server has ended the conversation: keep what is on the screen, with `notice` below it. */
  end(notice) {
    const kept = this.#entriesOfServer().map((entry) => ({
      ...entry,
      key: `past-${this.id}-${entry.key}`,
      over: true,
    }));
    const at = new Date().toISOString();
    const message = { seq: 0, id: "ended", at, from: "notice", text: notice, choices: [], attachments: [] };
    this.#past = [
      ...this.#past,
      ...kept,
      { key: `past-ended-${this.id}`, message, state: "sent", over: true },
    ];
    this.#clear();
    this.id = "";
    this.changed();
  }

  forget() {
    this.#past = [];
    this.#clear();
    this.id = "";
    this.changed();
  }

  /** Take in messages; ones known already change nothing. `pending` is the server's word, if it gave it. */
  receive(messages, pending) {
    for (const message of messages) {
      this.last = Math.max(this.last, message.seq);
      const known = this.#messages.get(message.seq);
      if (known && !known.own) continue;
      this.#messages.set(message.seq, message);
      this.#heard[message.from] = performance.now();
      if (message.from === "buyer") this.store.removeUnsent(message.id);
      else if (pending === undefined) this.pending = false;
      if (message.from === "agent") this.isTyping = false;
    }
    this.#sign();
    // The whole truth: a "typing" that was announced on a broken stream is over.
    if (pending !== undefined) Object.assign(this, { pending, isTyping: false });
    this.changed();
  }

  /** The server took a message of the buyer's as number `seq`. */
  accepted(item, seq) {
    const { id, text, at, attachments = [] } = item;
    if (!this.#messages.has(seq)) {
      const message = { seq, id, at, from: "buyer", text, choices: [], card: null, attachments };
      this.#messages.set(seq, { ...message, own: true }); // until the server's own wording of it comes
    }
    const answered = [...this.#messages.values()].some((other) => other.seq > seq && other.from !== "buyer");
    if (!answered && !this.withPeople) this.pending = true;
    this.changed();
  }

  typing(isTyping) {
    this.isTyping = isTyping;
    if (!isTyping) this.pending = false;
    this.changed();
  }

  /** Who has the conversation: assistant, queue, agent (a person, called `name`) or closed. */
  ownedBy(owner, name) {
    const agent = (owner === "agent" && name) || "";
    const isNew = owner !== this.owner || agent !== this.agent;
    if (isNew && this.#ownerKnown) this.turn += 1;
    if (isNew) Object.assign(this, { owner, agent, isTyping: false });
    if (owner !== "assistant") this.pending = false;
    this.#sign(isNew);
    this.#ownerKnown = true;
    this.#ownerSince = this.last;
    this.changed();
  }

  /** Nothing is heard of the server for now, so neither would be the end of somebody's typing. */
  unheard() {
    this.isTyping = false;
    this.changed();
  }

  online(connected) {
    if (connected === this.connected) return;
    this.connected = connected;
    this.changed();
  }

  /** Whether an answer is on its way. A person's is not before they type. */
  get answering() {
    return this.connected && (this.isTyping || (this.pending && !this.withPeople));
  }

  /** Whether a person has the conversation, or will. */
  get withPeople() {
    return this.owner === "queue" || this.owner === "agent";
  }

  /** Whether a message that came at `time` (of performance.now()) or later says who has the conversation now. */
  toldSince(time) {
    const senders = ["notice", this.owner === "agent" ? "agent" : "assistant"];
    return senders.some((sender) => this.#heard[sender] >= time);
  }

  /** How many messages came that the buyer has not seen. */
  get unread() {
    const seen = this.store.seen;
    return [...this.#messages.values()].filter(({ seq, from }) => seq > seen && from !== "buyer").length;
  }

  /** The buyer has seen everything there is. */
  see() {
    if (this.last > this.store.seen) this.store.seen = this.last;
  }

  /**
   * What to draw, oldest first: `{key, message, state, refused?, live?}`. `state` is sent, sending,
   * waiting, slow or refused; `live` says whether the message's choices can still be taken.
   */
  get entries() {
    const entries = [...this.#past, ...this.#entriesOfServer(), ...this.#entriesOfStore()];
    const live = newestOpenChoices(entries);
    return entries.map((entry) => ({ ...entry, live: entry === live }));
  }

  #clear() {
    this.#messages.clear();
    Object.assign(this, { last: 0, owner: "assistant", agent: "", turn: 0, pending: false, isTyping: false });
    this.#ownerKnown = false;
    this.#ownerSince = 0;
    this.#heard = {};
  }

  // A person's messages do not say whose they are. Those since the last words of the assistant or a notice are
  // by the person who is there, earlier ones keep the name they had. A new person's first words may come
  // before the news of who it is: they follow a notice that is newer than the person before.
  #sign(isNew = false) {
    if (!this.agent) return;
    const messages = [...this.#messages.values()];
    const others = messages.filter(({ from }) => from === "notice" || from === "assistant");
    const begin = Math.max(0, ...others.map(({ seq }) => seq));
    for (const message of messages) {
      if (message.from !== "agent" || message.seq < begin) continue;
      if (!message.name || (isNew && begin > this.#ownerSince)) message.name = this.agent;
    }
  }

  #entriesOfServer() {
    const messages = [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
    return messages.map((message) => ({ key: keyOf(message), message, state: "sent" }));
  }

  #entriesOfStore() {
    return this.store.unsent.map((item) => ({
      key: keyOf({ ...item, from: "buyer" }),
      message: {
        ...item,
        seq: 0,
        from: "buyer",
        choices: [],
        card: null,
        attachments: item.attachments ?? [],
      },
      state: item.refused ? "refused" : (item.trouble ?? "sending"),
      refused: item.refused,
    }));
  }
}

// The buyer's own messages are on the screen before the server has numbered them.
function keyOf({ from, id, seq }) {
  return from === "buyer" ? `own-${id}` : `seq-${seq}`;
}

// Choices wait until the buyer writes or a person takes over; newer ones replace them.
function newestOpenChoices(entries) {
  for (const entry of [...entries].reverse()) {
    if (entry.over || entry.message.from === "buyer" || entry.message.from === "agent") return null;
    if (entry.message.choices?.length) return entry;
  }
  return null;
}
