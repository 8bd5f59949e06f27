// A stream of events that lasts while its page is seen, and says so when the connection or the session is over.
// Pages in the background hold no connection: a browser has only six of them for all pages of a site.

const AGAIN_AFTER = 5_000;

/**
 * Listen to a stream while the page is visible.
 * @param {() => string} address where to, asked before each connection
 * @param {Record<string, (data: any, event: MessageEvent) => void>} handlers by the name of the event; data is parsed
 * @param {() => void} [onOpen] called whenever the stream begins (again): what was missed has to be fetched
 */
export function listen(address, handlers, onOpen = () => {}) {
  let source = null;
  let again = 0;

  function open() {
    clearTimeout(again);
    if (source || document.hidden) return;
    source = new EventSource(address());
    source.addEventListener("open", () => {
      show("live-lost", false);
      onOpen();
    });
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data), event));
    }
    source.addEventListener("error", () => {
      if (source && source.readyState === EventSource.CLOSED) retry();
      else show("live-lost", true); // the browser connects again by itself
    });
  }

  function close() {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  }

  async function retry() {
    close();
    if (await isSignedOut()) return;
    show("live-lost", true);
    again = setTimeout(open, AGAIN_AFTER);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
}

/** Whether the session is over; says so on the page. */
export async function isSignedOut() {
  try {
    const answer = await fetch("/desk/session", {
      cache: "no-store",
      headers: { Accept: "application/json" },
    });
    if (answer.status !== 401) return false;
  } catch {
    return false; // the connection is away, and nothing is known
  }
  show("live-lost", false);
  show("signed-out", true);
  return true;
}

function show(id, is) {
  document.getElementById(id).hidden = !is;
}
