/** The views of two pictures: beside each other, what differs, swiped, as onion skin, blinking, or as their difference. */

import { takeTurns } from "./blinking.js";
import { layInPlace } from "./laying.js";
import { rememberedView, rememberView } from "./memory.js";
import { takeSlides } from "./sliding.js";
import { gettext } from "./words.js";
import { zoomTogether } from "./zoom.js";

const SLIDES = ["swipe", "onion"];
const DRAWING = gettext("Drawing what differs…");
const FAILED = gettext("What differs could not be drawn right now. Choose this view again to try once more.");
const DRAWN = gettext("Amber: light and dark differ a little. Red: they differ much. Dim: shown only here. An even change of light or of colours is left out.");

/** Start every stage that has not been started: those of the page, and those that are put into it later. */
export function startStages() {
  for (const stage of document.querySelectorAll("[data-stage]:not([data-started])")) {
    stage.dataset.started = "";
    // Nothing to compare by before both renditions are made.
    if (stage.querySelectorAll(".pair .sheet").length === 2) start(stage);
  }
}

function start(stage) {
  const buttons = [...stage.querySelectorAll("button[data-view]")];
  const pair = stage.querySelector(".pair");
  const slider = stage.querySelector("[data-slider]");
  const legends = [...stage.querySelectorAll(".legend")];
  const matrix = pair.dataset.matrix ? JSON.parse(pair.dataset.matrix) : null;
  const lay = layInPlace(pair, matrix);
  const lens = zoomTogether(stage, pair, matrix);
  const turns = takeTurns(stage, pair);

  /** Lay and measure what is not zoomed, then zoom again. */
  function arrange() {
    lens.flatten();
    lay();
    lens.measure();
  }

  function show(view) {
    pair.dataset.view = view;
    slider.hidden = !SLIDES.includes(view);
    for (const legend of legends) legend.hidden = legend.dataset.for !== view;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    if (view === "blink") turns.start();
    else turns.stop();
    arrange();
    if (view === "differs") draw(stage.querySelector(".heat"), legends.find((legend) => legend.dataset.for === "differs"));
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      show(button.dataset.view);
      rememberView(stage.dataset.use, button.dataset.view);
    });
  }
  takeSlides(stage, pair);
  stage.querySelector(".tools").hidden = false;
  const last = rememberedView(stage.dataset.use);
  show(buttons.some((button) => button.dataset.view === last) ? last : "side");
  arrangeAnew(pair, arrange);
}

function arrangeAnew(pair, arrange) {
  const observer = new ResizeObserver(arrange);
  for (const element of [pair, pair.querySelector(".theirs img")]) observer.observe(element);
  for (const image of pair.querySelectorAll(".sheet img:not(.heat)")) image.addEventListener("load", arrange);
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

startStages();
document.addEventListener("htmx:load", startStages);
