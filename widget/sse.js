/**
 * Reads server-sent events from a fetch response. EventSource cannot send an Authorization header, and a
 * token in the address would end up in access logs.
 */

/** Raised when a stream stays silent too long. `fromTheStart`: not a single byte ever came. */
export class StreamSilent extends Error {
  constructor(fromTheStart) {
    super("no sign of life on the stream");
    this.fromTheStart = fromTheStart;
  }
}

/**
 * Yield `{event, data, id}` for every event of the stream until it ends.
 *
 * `first` and `silence` are how long (milliseconds) the first byte and any later one may take, comments
 * included, before StreamSilent is raised: a proxy that collects the whole answer shows nothing at all,
 * and a half-open connection never reports its own death.
 */
export async function* events(body, first, silence) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let alive = false;
  try {
    for (;;) {
      const { done, value } = await within(alive ? silence : first, !alive, reader.read());
      if (done) return;
      alive = true;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split(/\r\n\r\n|\n\n|\r\r/);
      text = blocks.pop();
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block) {
  const event = { event: "message", data: null, id: "" };
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") event.data = event.data === null ? value : `${event.data}\n${value}`;
    else if (field === "event") event.event = value;
    else if (field === "id") event.id = value;
  }
  return event.data === null ? null : event;
}

function within(milliseconds, fromTheStart, promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new StreamSilent(fromTheStart)), milliseconds);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
