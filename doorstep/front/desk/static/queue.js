// Keeps the list of conversations as it is now: fetched again when something changed, and now and then for its times.
import { isSignedOut, listen } from "./live.js";

const lists = document.getElementById("lists");
const news = document.getElementById("news");
const TITLE = document.title.replace(/^\(\d+\) /, "");
const TIMES_EVERY = 60_000;
const PAUSE = 3_000; // between two looks, however much happens
const HIDDEN_EVERY = 20_000; // a page in the background has no stream: it asks

let fetching = false;
let wanted = false;

async function refresh() {
  wanted = true;
  if (fetching) return;
  fetching = true;
  try {
    while (wanted) {
      wanted = false;
      const answer = await fetch(lists.dataset.rows, {
        cache: "no-store",
        headers: { Accept: "application/json" },
      });
      if (answer.ok) put(await answer.text());
      else if (answer.status === 401) await isSignedOut();
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  } catch {
    // The connection is away. The stream says so, and the next look tries again.
  } finally {
    fetching = false;
  }
}

/** Put the lists in place of those before, with the focus and what was folded open as they were. */
function put(html) {
  const before = waiting();
  const focused = lists.contains(document.activeElement) ? document.activeElement : null;
  const open = [...lists.querySelectorAll("details[open]")].map((details) => details.id);
  lists.innerHTML = html; // made by our own server, which escapes what buyers wrote
  for (const id of open) document.getElementById(id).open = true;
  if (focused) keepFocus(focused);
  const count = lists.firstElementChild.dataset.waiting;
  document.title = count === "0" ? TITLE : `(${count}) ${TITLE}`;
  announce([...waiting()].filter(([id]) => !before.has(id)).map(([, reason]) => reason));
}

function keepFocus(focused) {
  const same =
    (focused.id && document.getElementById(focused.id)) ||
    (focused.href && lists.querySelector(`a[href="${CSS.escape(focused.getAttribute("href"))}"]`)) ||
    (focused.tagName === "SUMMARY" && document.querySelector(`#${focused.parentElement.id} > summary`));
  (same || document.getElementById("waiting-title")).focus({ preventScroll: Boolean(same) });
}

/** The conversations that wait: id and reason in words. */
function waiting() {
  return new Map(
    [...lists.querySelectorAll("[data-reason]")].map((row) => [row.dataset.id, row.dataset.reason]),
  );
}

function announce(reasons) {
  if (!reasons.length) return;
  news.textContent =
    reasons.length === 1
      ? news.dataset.one.replace("{reason}", () => reasons[0])
      : news.dataset.many.replace("{count}", String(reasons.length));
}

listen(() => "/desk/events", { changed: refresh });
setInterval(() => {
  if (!document.hidden) refresh();
}, TIMES_EVERY);
setInterval(() => {
  if (document.hidden) refresh();
}, HIDDEN_EVERY);
