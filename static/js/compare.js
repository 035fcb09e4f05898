/** The views of two pictures: beside each other, swiped, as onion skin, blinking, or as their difference. */

const SLIDES = { swipe: "Swipe", onion: "Onion skin" };

function start(stage) {
  const buttons = [...stage.querySelectorAll("button[data-view]")];
  const pair = stage.querySelector(".pair");
  const slider = stage.querySelector("[data-slider]");
  const range = slider.querySelector("input");

  const slide = () => pair.style.setProperty("--over", `${range.value}%`);

  function show(view) {
    pair.dataset.view = view;
    slider.hidden = !(view in SLIDES);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    slide();
  }

  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.view));
  range.addEventListener("input", slide);
  pair.addEventListener("pointermove", (event) => {
    if (pair.dataset.view !== "swipe" || (event.pointerType === "touch" && !event.isPrimary)) return;
    const frame = pair.querySelector(".frame").getBoundingClientRect();
    range.value = String(Math.round(((event.clientX - frame.left) / frame.width) * 100));
    slide();
  });
  stage.querySelector(".views").hidden = false;
}

for (const stage of document.querySelectorAll("[data-stage]")) start(stage);
