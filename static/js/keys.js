/** Keys: whatever carries data-key is pressed by that key while it can be seen and nobody is typing. */

const typing = (element) =>
  element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);

const canBeSeen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function press(element) {
  element.click();
  const fold = element.closest("summary")?.parentElement;
  // A fold that a key has opened goes on by keys: its first answer gets the focus.
  if (fold) requestAnimationFrame(() => fold.open && fold.querySelector("button, input:not([type=hidden])")?.focus());
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const wanted = [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key === key && canBeSeen(element),
  );
  if (!wanted) return;
  event.preventDefault();
  press(wanted);
});
