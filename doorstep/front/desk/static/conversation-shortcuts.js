// Single keys, for as long as nothing is being filled in; they can be switched off on the list that "?" shows.

const OFF = "desk-single-keys-off";

/** Begin to hear the keys. */
export function shortcuts() {
  const list = document.getElementById("shortcuts");
  const on = document.getElementById("single-keys");
  on.checked = localStorage.getItem(OFF) === null;
  on.addEventListener("change", () => {
    if (on.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  const show = () => list.showModal();
  const unhide = () => (document.getElementById("show-shortcuts").hidden = false);
  unhide();
  document.addEventListener("desk:renewed", unhide);
  document.addEventListener("click", (event) => event.target.closest("#show-shortcuts") && show());

  const does = {
    r: () => document.getElementById("reply"),
    c: () => opened("canned-part"),
    n: () => opened("note-part", "note-text"),
    g: () => opened("grant-part"),
    b: () => opened("about"),
    q: () => void location.assign("/desk/queue"),
    "?": () => void show(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || list.open) return;
    if (event.key === "Escape" && isField(event.target)) event.target.blur();
    if (isField(event.target) || !on.checked || !Object.hasOwn(does, event.key)) return;
    event.preventDefault();
    does[event.key]()?.focus();
  });
}

/** Open a part of the page; gives what is to be focused in it. */
function opened(name, inside = "") {
  const part = document.getElementById(name);
  if (!part) return null;
  part.open = true;
  return inside ? document.getElementById(inside) : part.querySelector("summary");
}

function isField(element) {
  return element.matches("input:not([type=checkbox]), textarea, select");
}
