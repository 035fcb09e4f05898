/** How much of each picture is seen, by the slider, and in the swipe by the mouse or a finger on the pictures. */

export function takeSlides(stage, pair) {
  const range = stage.querySelector("[data-slider] input");
  const frame = pair.querySelector(".frame.theirs");

  const slide = () => pair.style.setProperty("--share", String(range.value / 100));

  /** The edge follows a mouse that passes over it, and a finger; a picture that is zoomed is dragged instead. */
  function follow(event) {
    if (pair.dataset.view !== "swipe" || !event.isPrimary) return;
    if (pair.classList.contains("zoomed") && event.buttons) return;
    const [left, right] = ["--left", "--right"].map((edge) => Number.parseFloat(pair.style.getPropertyValue(edge)));
    const over = (event.clientX - frame.getBoundingClientRect().left - left) / (right - left);
    if (!Number.isFinite(over)) return;
    range.value = String(Math.round(Math.min(1, Math.max(0, over)) * 100));
    slide();
  }

  range.addEventListener("input", slide);
  pair.addEventListener("pointermove", follow);
  pair.addEventListener("pointerdown", follow);
  slide();
}
