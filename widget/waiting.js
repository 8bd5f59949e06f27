/** Waiting between tries: growing pauses with jitter, cut short when there is reason to hope. */

const FIRST = 500;
const LONGEST = 30_000;

/**
 * How long to pause (milliseconds) after `failures` failed tries in a row. What the server asked for
 * (`retryAfter`, in seconds) goes first; half of the rest is chance, so that a restarted server does not
 * meet all its buyers at once.
 */
export function backoff(failures, retryAfter = null) {
  if (retryAfter !== null) return retryAfter * 1000 + Math.random() * 250;
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 10));
  return full * (0.5 + Math.random() / 2);
}

/** A pause that can be cut short from outside. */
export class Pause {
  #end = () => {};

  /** Resolve after `milliseconds`, or at once when woken or when the signal aborts. */
  sleep(milliseconds, signal) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      signal?.addEventListener("abort", done, { once: true });
      this.#end = done;
      function done() {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      }
    });
  }

  /** End the current sleep, if there is one. */
  wake() {
    this.#end();
  }
}
