/** The demo page's list of orders that can be tried; hidden where the server offers none. */

import "./doorstep-chat.js";
import { el } from "./dom.js";

const chat = document.querySelector("doorstep-chat");

async function showOrders() {
  const response = await fetch("/demo/orders.json");
  if (!response.ok) return;
  const orders = await response.json();
  document.querySelector(".order-list").append(...orders.map(drawOrder));
  document.querySelector(".orders").hidden = orders.length === 0;
}

function drawOrder({ number, email, postcode, what }) {
  const ask = () => chat.compose(`Where is my order ${number}?`);
  return el(
    "li",
    {},
    el("span", { class: "what" }, what),
    el("span", { class: "facts" }, [number, email, postcode].filter(Boolean).join(" · ")),
    el(
      "button",
      { type: "button", "aria-label": `Ask about it: order ${number}`, onclick: ask },
      "Ask about it",
    ),
  );
}

showOrders();
