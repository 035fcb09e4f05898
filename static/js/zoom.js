/** Draws both pictures of a pair through one window: zoomed and moved together, by buttons, keys and gestures. */

import { growth, IDENTITY } from "./affine.js";
import { Camera } from "./camera.js";
import { finerDetail } from "./detail.js";
import { takeGestures } from "./gestures.js";
import { boxWithin, shapeOf } from "./laying.js";

const STEP = 1.25;
const STRIDE = 0.2;
const tenths = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 1 });
const STRIDES = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] };

/** The window of a stage: { measure } takes the layout anew, once nothing is zoomed; { flatten } takes the zoom off. */
export function zoomTogether(stage, pair, matrix) {
  const frames = { mine: pair.querySelector(".frame.mine"), theirs: pair.querySelector(".frame.theirs") };
  const sheets = { mine: frames.mine.querySelector(".sheet"), theirs: frames.theirs.querySelector(".sheet") };
  const [camera, origins] = [new Camera(), {}];
  const detail = finerDetail(stage, Object.values(sheets));
  const isOver = () => pair.dataset.view !== "side";
  const sideOf = (target) => (!isOver() && frames.mine.contains(target) ? "mine" : "theirs");

  function flatten() {
    for (const sheet of Object.values(sheets)) sheet.style.removeProperty("transform");
  }

  function measure() {
    for (const [name, sheet] of Object.entries(sheets)) origins[name] = boxOf(frames[name], sheet);
    const sides = isOver() ? overSides(sheets, frames, matrix) : besideSides(sheets, frames, matrix);
    if (!Object.values(sides).every((side) => side.box.width && side.box.height)) return;
    camera.measure(sides, Boolean(matrix) && !isOver(), middleOf(pair, sides.theirs.box));
    draw();
  }

  function draw() {
    for (const [name, sheet] of Object.entries(sheets)) {
      const { scale, x, y } = camera.drawn(isOver() ? "theirs" : name);
      const [left, top] = [x + (scale - 1) * origins[name].left, y + (scale - 1) * origins[name].top];
      sheet.style.setProperty("--zoom", String(scale));
      if (scale === 1) sheet.style.removeProperty("transform");
      else sheet.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    }
    const { left, right } = camera.seen("theirs");
    pair.style.setProperty("--left", `${left}px`);
    pair.style.setProperty("--right", `${right}px`);
    tell();
  }

  function tell() {
    if (camera.isZoomed) detail.lookSoon();
    pair.classList.toggle("zoomed", camera.isZoomed);
    pair.tabIndex = camera.isZoomed ? 0 : -1;
    stage.querySelector("[data-pad]").hidden = !camera.isZoomed;
    stage.querySelector("[data-zooms] output").textContent = `${tenths.format(camera.zoom)} ×`;
  }

  const zoomTo = (zoom, at) => {
    camera.zoomTo(zoom, at);
    draw();
  };
  const byFactor = (factor, at) => zoomTo(Math.max(Math.min(1, camera.zoom), camera.zoom * factor), at);
  const pan = (side, dx, dy) => {
    camera.pan(side, dx, dy);
    draw();
  };

  const zooms = { in: () => byFactor(STEP), out: () => byFactor(1 / STEP), fit: () => zoomTo(1), one: () => zoomTo(camera.oneToOne) };
  for (const button of stage.querySelectorAll("[data-zoom]")) button.addEventListener("click", zooms[button.dataset.zoom]);
  for (const button of stage.querySelectorAll("[data-pan]")) {
    const [x, y] = STRIDES[button.dataset.pan];
    const { theirs } = frames;
    button.addEventListener("click", () => pan("theirs", x * STRIDE * theirs.clientWidth, y * STRIDE * theirs.clientHeight));
  }
  takeGestures(pair, { isZoomed: () => camera.isZoomed, byFactor, pan, sideOf, frameOf: (side) => frames[side] });
  return { flatten, measure };
}

/** The middle of what both pictures show, in longest sides of theirs; where that is not known, the middle of theirs. */
function middleOf(pair, { width, height }) {
  const common = pair.dataset.common ? JSON.parse(pair.dataset.common) : [[0.5, 0.5]];
  const mean = (axis) => common.reduce((sum, point) => sum + point[axis], 0) / common.length;
  const longest = Math.max(width, height);
  return { x: (mean(0) * width) / longest, y: (mean(1) * height) / longest };
}

const sizeOf = (frame) => ({ width: frame.clientWidth, height: frame.clientHeight });

function boxOf(frame, sheet) {
  const [outer, at] = [frame, sheet].map((each) => each.getBoundingClientRect());
  return { left: at.left - outer.left, top: at.top - outer.top };
}

/** How many pixels the longest side has where it is looked at closely. */
function pixelsOf(image) {
  const { width, height } = shapeOf(image);
  return Number(image.dataset.pixels) || Math.max(width, height);
}

function sideOfSheet(frame, sheet, map) {
  const image = sheet.querySelector("img");
  const box = boxWithin(frame, image);
  return { frame: sizeOf(frame), box, extent: box, pixels: pixelsOf(image), map };
}

/** Beside each other each has a frame. Without a matrix their middles are linked, and their sizes as they are. */
function besideSides(sheets, frames, matrix) {
  const theirs = sideOfSheet(frames.theirs, sheets.theirs, IDENTITY);
  const mine = sideOfSheet(frames.mine, sheets.mine, matrix);
  if (!matrix) mine.map = middleOnMiddle(mine.box, theirs.box);
  return { theirs, mine };
}

function middleOnMiddle(mine, theirs) {
  const [here, there] = [mine, theirs].map((box) => Math.max(box.width, box.height));
  const k = here / there;
  const shift = (size) => (theirs[size] / there - (mine[size] / here) * k) / 2;
  return [k, 0, shift("width"), 0, k, shift("height")];
}

/** Over each other both are drawn as theirs is; where nothing aligns them, the wider stays in reach too. */
function overSides(sheets, frames, matrix) {
  const theirs = sideOfSheet(frames.theirs, sheets.theirs, IDENTITY);
  const mine = pixelsOf(sheets.mine.querySelector("img"));
  if (matrix) theirs.pixels = Math.max(theirs.pixels, mine / growth(matrix));
  else if (frames.mine.clientWidth) theirs.extent = around(theirs.box, boxWithin(frames.mine, sheets.mine.querySelector("img")));
  return { theirs };
}

function around(one, other) {
  const [left, top] = ["left", "top"].map((edge) => Math.min(one[edge], other[edge]));
  const right = Math.max(one.left + one.width, other.left + other.width);
  const bottom = Math.max(one.top + one.height, other.top + other.height);
  return { left, top, width: right - left, height: bottom - top };
}
