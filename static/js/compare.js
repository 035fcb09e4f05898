/** The views of two pictures: beside each other, what differs, swiped, as onion skin, blinking, or as their difference. */

import { layInPlace } from "./laying.js";

const SLIDES = { swipe: "Swipe", onion: "Onion skin" };
const DRAWING = "Drawing what differs…";
const FAILED = "What differs could not be drawn right now. Choose this view again to try once more.";
const DRAWN = "Amber: light and dark differ a little. Red: they differ much. Dim: shown only here. An even change of light or of colours is left out.";

function start(stage) {
  const buttons = [...stage.querySelectorAll("button[data-view]")];
  const pair = stage.querySelector(".pair");
  const slider = stage.querySelector("[data-slider]");
  const range = slider.querySelector("input");
  const legends = [...stage.querySelectorAll(".legend")];
  const lay = layInPlace(pair);
  const heat = stage.querySelector(".heat");

  const slide = () => pair.style.setProperty("--over", `${range.value}%`);

  function show(view) {
    pair.dataset.view = view;
    slider.hidden = !(view in SLIDES);
    for (const legend of legends) legend.hidden = legend.dataset.for !== view;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    slide();
    lay();
    if (view === "differs") draw(heat, legends.find((legend) => legend.dataset.for === "differs"));
  }

  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.view));
  range.addEventListener("input", slide);
  pair.addEventListener("pointermove", (event) => {
    if (pair.dataset.view !== "swipe" || (event.pointerType === "touch" && !event.isPrimary)) return;
    const swiped = pair.querySelector(".mine .sheet").getBoundingClientRect();
    const over = ((event.clientX - swiped.left) / swiped.width) * 100;
    range.value = String(Math.round(Math.min(100, Math.max(0, over))));
    slide();
  });
  stage.querySelector(".views").hidden = false;
}

/** Ask for the map of differences, once; again only after it has failed. */
function draw(heat, legend) {
  if (heat.hasAttribute("src")) return;
  legend.textContent = DRAWING;
  heat.onload = () => {
    heat.hidden = false;
    legend.textContent = DRAWN;
  };
  heat.onerror = () => {
    heat.removeAttribute("src");
    legend.textContent = FAILED;
  };
  heat.src = heat.dataset.address;
}

/** Start the stages of a part of the page that came later. */
export const startStages = (within) => within.querySelectorAll("[data-stage]").forEach(start);

startStages(document);
