/**
 * Keys: whatever carries data-key is pressed by that key while it can be seen and used, and nobody is typing. Several
 * keys stand with spaces between them. data-inner-key counts only while the focus is in the same stage, and comes first
 * there; data-repeats lets a key that is held down go on.
 */

import { toggleSheet } from "./key-sheet.js";

const PRESSED = ["range", "checkbox", "radio", "button", "submit", "reset", "file", "color", "image"];
const MOVES = ["arrowleft", "arrowright", "arrowup", "arrowdown", "home", "end", "pageup", "pagedown"];

/** Whether the focused field has its own use for a key. */
function takesKey(element, key) {
  if (element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName)) return true;
  if (element.tagName !== "INPUT") return false;
  if (!PRESSED.includes(element.type)) return true;
  return ["range", "radio"].includes(element.type) && MOVES.includes(key);
}

const isReady = (element) => !element.disabled && (element.checkVisibility?.() ?? element.offsetParent !== null);

const nameOf = (event) => {
  const key = event.key.toLowerCase();
  return event.shiftKey && key.startsWith("arrow") ? `shift+${key}` : key;
};

/** What a key presses now. An open dialog has all keys for itself. */
function wantedBy(key, focused) {
  const place = document.querySelector("dialog:modal") ?? document;
  const find = (name, counts) => [...place.querySelectorAll(`[data-${name}]`)].find(
    (element) => element.getAttribute(`data-${name}`).split(" ").includes(key) && isReady(element) && counts(element),
  );
  return find("inner-key", (element) => element.closest("[data-stage]")?.contains(focused)) ?? find("key", () => true);
}

function press(element) {
  element.click();
  const fold = element.closest("summary")?.parentElement;
  // A fold that a key has opened goes on by keys: its first answer gets the focus.
  if (fold) requestAnimationFrame(() => fold.open && fold.querySelector("button, input:not([type=hidden])")?.focus());
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = nameOf(event);
  if (takesKey(event.target, key)) return;
  const wanted = wantedBy(key, event.target);
  if (!wanted || (event.repeat && !("repeats" in wanted.dataset))) return;
  event.preventDefault();
  press(wanted);
});

document.documentElement.classList.add("has-keys");
document.addEventListener("click", (event) => event.target.closest("[data-opens-keys]") && toggleSheet(isReady));
