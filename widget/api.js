/**
 * The calls of the chat API, one method each. No retrying here: session.js, connection.js and outbox.js
 * decide what a failure means.
 */

const TIMEOUT = 20_000;
const UPLOAD_TIMEOUT = 180_000;

/** A call that failed. `status` is 0 when no answer came; `retryAfter` is in seconds, or null. */
export class ApiError extends Error {
  constructor(status, code, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may succeed later: no answer, the server's fault, or too many at once. */
  get passing() {
    return this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status);
  }
}

export class Api {
  /** `server` is an origin such as "https://chat.shop.example". */
  constructor(server) {
    this.server = server.replace(/\/+$/, "");
  }

  /** Open a session, or renew the one whose token is given. */
  openSession(details, token = null) {
    return this.#json("/api/chat/sessions", { method: "POST", body: details, token });
  }

  /** Hand a message over. The same id may be sent again without harm. */
  send(message, token) {
    return this.#json("/api/chat/messages", { method: "POST", body: message, token });
  }

  /** Tell that the buyer is typing; the server keeps it for some seconds. */
  typing(token) {
    return this.#call("/api/chat/typing", { method: "POST", body: {}, token, read: () => null });
  }

  /** Messages numbered above `after`; held back up to `wait` seconds until there is one. */
  messages(after, wait, token, signal) {
    const query = new URLSearchParams({ after, ...(wait ? { wait } : {}) });
    const timeout = TIMEOUT + wait * 1000;
    return this.#json(`/api/chat/messages?${query}`, { token, signal, timeout });
  }

  /** The body of the event stream, from after message number `last` on. */
  events(last, token, signal) {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(last) };
    return this.#call("/api/chat/events", { headers, token, signal, read: stream });
  }

  /** Upload a photo or video. */
  upload(file, token) {
    const form = new FormData();
    form.append("file", file, file.name);
    return this.#json("/api/chat/uploads", { method: "POST", form, token, timeout: UPLOAD_TIMEOUT });
  }

  /** The bytes of an attachment of this conversation. */
  attachment(id, token) {
    const read = (response) => response.blob();
    return this.#call(`/api/chat/uploads/${encodeURIComponent(id)}`, {
      token,
      read,
      timeout: UPLOAD_TIMEOUT,
    });
  }

  #json(path, options) {
    return this.#call(path, { ...options, read: (response) => response.json() });
  }

  // The time limit covers reading the answer too; a stream is read later, and only `signal` ends that.
  async #call(path, { read, signal, timeout = TIMEOUT, ...options }) {
    const limit = new AbortController();
    const stop = () => limit.abort();
    const timer = setTimeout(stop, timeout);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    try {
      const response = await fetch(this.server + path, { ...request(options), signal: limit.signal });
      if (!response.ok) throw await failure(response);
      return await read(response);
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0, "network", String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

function request({ method = "GET", headers = {}, body, form, token }) {
  return {
    method,
    headers: {
      ...headers,
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: form ?? (body ? JSON.stringify(body) : undefined),
    credentials: "omit",
    cache: "no-store",
  };
}

function stream(response) {
  if (!response.body || !/^text\/event-stream/i.test(response.headers.get("Content-Type") ?? "")) {
    throw new ApiError(0, "no_stream", "the server's answer is not an event stream");
  }
  return response.body;
}

async function failure(response) {
  let told = {};
  try {
    told = (await response.json()).error ?? {};
  } catch {
    // A proxy in between answers with a page of its own; the status says enough.
  }
  const retryAfter = seconds(response.headers.get("Retry-After"));
  return new ApiError(response.status, told.code ?? "", told.message ?? response.statusText, retryAfter);
}

// The header holds seconds or an HTTP date.
function seconds(value) {
  if (!value) return null;
  if (/^\d+$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000);
}
