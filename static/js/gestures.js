/** Wheel, drag and pinch on the pictures, told to their lens in pixels of the frame that they happen in. */

const WHEEL = 0.0015;
const MOST_OF_A_NOTCH = 120;
const LINE = 16;
const STILL_SCROLLING = 400;

/**
 * Listen on a pair. The lens is { isZoomed(), byFactor(factor, at), pan(side, dx, dy), sideOf(target), frameOf(side) },
 * where at = { side, x, y }.
 */
export function takeGestures(pair, lens) {
  const at = (side, x, y) => {
    const frame = lens.frameOf(side).getBoundingClientRect();
    return { side, x: x - frame.left, y: y - frame.top };
  };
  takeWheel(pair, lens, at);
  takePointers(pair, lens, at);
}

// One listener for all stages, as the review desk shows many, one after the other.
let scrolledAt = -Infinity;
document.addEventListener("scroll", (event) => (scrolledAt = event.timeStamp), { passive: true });

/** The wheel zooms, but never stops somebody on the way through the page: see mayZoom. */
function takeWheel(pair, lens, at) {
  /** Zoomed, the pictures have the wheel. Else a turn away from the hand begins, when they are in sight and at rest. */
  function mayZoom(event) {
    if (event.ctrlKey || event.metaKey || lens.isZoomed()) return true;
    const isAtRest = event.timeStamp - scrolledAt > STILL_SCROLLING;
    return event.deltaY < 0 && isAtRest && pair.getBoundingClientRect().top >= 0;
  }

  pair.addEventListener("wheel", (event) => {
    if (event.shiftKey || !mayZoom(event)) return;
    event.preventDefault();
    const delta = event.deltaY * (event.deltaMode ? LINE : 1) * (event.ctrlKey ? 4 : 1);
    const held = Math.max(-MOST_OF_A_NOTCH, Math.min(MOST_OF_A_NOTCH, delta));
    lens.byFactor(Math.exp(-held * WHEEL), at(lens.sideOf(event.target), event.clientX, event.clientY));
  }, { passive: false });
}

const middle = (points) => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});

const spread = ([one, other]) => (other ? Math.hypot(one.x - other.x, one.y - other.y) : 0);

function takePointers(pair, lens, at) {
  const held = new Map();
  let side = "theirs";

  function press(event) {
    if (event.button !== 0) return;
    if (event.isPrimary) held.clear();
    if (!held.size) side = lens.sideOf(event.target);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    pair.setPointerCapture(event.pointerId);
  }

  function move(event) {
    if (!held.has(event.pointerId)) return;
    const before = [...held.values()];
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (!lens.isZoomed() && held.size < 2) return;
    const now = [...held.values()];
    const [from, to] = [middle(before), middle(now)];
    if (held.size === 2) lens.byFactor(spread(now) / (spread(before) || 1), at(side, to.x, to.y));
    if (lens.isZoomed()) lens.pan(side, to.x - from.x, to.y - from.y);
  }

  const release = (event) => held.delete(event.pointerId);
  pair.addEventListener("pointerdown", press);
  pair.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) pair.addEventListener(end, release);
  pair.addEventListener("dragstart", (event) => event.preventDefault());
  // Two fingers are a pinch of the pictures, not of the page.
  pair.addEventListener("touchstart", (event) => event.touches.length > 1 && event.cancelable && event.preventDefault(), { passive: false });
}
