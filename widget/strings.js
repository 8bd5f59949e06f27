/** Picks the language of the widget's labels (labels.js) and fills their places. */

import { LABELS } from "./labels.js";

/** The tag of LABELS that suits a wish such as "pt", "zh-Hans-CN" or "de_AT" best. */
export function languageFor(wish) {
  const primary = (tag) => tag.toLowerCase().split(/[-_]/)[0];
  const tags = Object.keys(LABELS);
  const exact = tags.find((tag) => tag.toLowerCase() === wish.toLowerCase());
  return exact ?? tags.find((tag) => primary(tag) === primary(wish)) ?? "en";
}

/** A function from a label's name, with values for its {places}, to the label. */
export function labels(language) {
  const table = LABELS[language];
  return (name, values = {}) => {
    const text = table[name];
    return typeof text === "string" ? text.replace(/\{(\w+)\}/g, (_, key) => values[key]) : text;
  };
}
