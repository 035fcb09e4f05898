/**
 * The window through which both pictures are seen. Pure arithmetic, without the page.
 *
 * Its place is a point of theirs, counted in longest sides of theirs, as the engine's matrix does; its zoom is 1 where
 * all of both is seen. A side is { frame, box, extent, pixels, map }: the size of its frame in pixels of the page; where
 * in the frame its picture lies while nothing is zoomed, and all that must stay in reach; how many pixels its longest
 * side has; and the map from its longest sides to theirs.
 *
 * Where a crop and its whole stand side by side, zooming brings the whole up first, until both are at one scale; from
 * there they go on together. A mirrored or turned copy keeps its own way up: only place and scale are linked.
 */

import { growth, inverse, mapped, turned } from "./affine.js";

const MOST = 8;
const MOST_OF_A_PIXEL = 4;

const between = (least, value, most) => Math.min(Math.max(value, least), most);

export class Camera {
  zoom = 1;
  #start = { x: 0, y: 0 };
  #wanted = this.#start;
  #centre = this.#start;
  #sides = {};
  #isLinked = false;

  /**
   * Take the layout as it is now. isLinked: the maps come from the engine, so one side may run out before the other.
   * start: the place to which zooming leads that points nowhere.
   */
  measure(sides, isLinked, start) {
    for (const side of Object.values(sides)) {
      side.unit = Math.max(side.box.width, side.box.height);
      side.growth = growth(side.map);
      side.fit = side.unit / side.growth;
    }
    this.#sides = sides;
    this.#isLinked = isLinked;
    this.#start = start;
    this.zoomTo(this.zoom);
  }

  get isZoomed() {
    return this.zoom > 1;
  }

  /** The zoom at which the sharper picture has a pixel of the screen for each of its own. */
  get oneToOne() {
    const sharpest = Math.max(...Object.values(this.#sides).map((side) => side.pixels / side.growth));
    return sharpest / (globalThis.devicePixelRatio || 1) / this.#base;
  }

  /** Zoom, with what lies at a point of a side's frame staying there: at = { side, x, y }, or the middle. */
  zoomTo(wanted, at = null) {
    const one = this.oneToOne;
    const zoom = between(Math.min(1, one), wanted, Math.max(MOST, MOST_OF_A_PIXEL * one));
    if (at) {
      const there = this.#under(at);
      this.zoom = zoom;
      const { map, frame, growth: grown } = this.#sides[at.side];
      const scale = this.#scale * grown;
      const away = turned(map, { x: (at.x - frame.width / 2) / scale, y: (at.y - frame.height / 2) / scale });
      this.#wanted = { x: there.x - away.x, y: there.y - away.y };
    }
    this.zoom = zoom;
    this.#hold();
  }

  /** Move what is seen in a side's frame by pixels; the other side follows. */
  pan(name, dx, dy) {
    const side = this.#sides[name];
    const scale = this.#scale * side.growth;
    const away = turned(side.map, { x: dx / scale, y: dy / scale });
    this.#wanted = { x: this.#centre.x - away.x, y: this.#centre.y - away.y };
    this.#hold();
  }

  /** How a side is drawn: what lies at p of its frame while nothing is zoomed is drawn at scale · p + (x, y). */
  drawn(name) {
    const side = this.#sides[name];
    const scale = Math.max(this.#scale / side.fit, this.zoom < 1 ? 0 : 1);
    if (scale === 1) return { scale, x: 0, y: 0 };
    const at = mapped(inverse(side.map), this.#centre);
    const along = (start, size, place) => {
      const shift = side.frame[size] / 2 - (side.box[start] + place * side.unit) * scale;
      const edge = scale * side.extent[start] + shift;
      return shift + this.#kept(edge, scale * side.extent[size], side.frame[size], scale) - edge;
    };
    return { scale, x: along("left", "width", at.x), y: along("top", "height", at.y) };
  }

  /** From where to where the pictures of a side can be seen, in pixels of its frame. */
  seen(name) {
    const { extent, frame } = this.#sides[name];
    const { scale, x } = this.drawn(name);
    return { left: Math.max(0, scale * extent.left + x), right: Math.min(frame.width, scale * (extent.left + extent.width) + x) };
  }

  get #base() {
    return Math.min(...Object.values(this.#sides).map((side) => side.fit));
  }

  get #scale() {
    return this.#base * this.zoom;
  }

  #under({ side: name, x, y }) {
    const { box, unit, map } = this.#sides[name];
    const drawn = this.drawn(name);
    return mapped(map, { x: ((x - drawn.x) / drawn.scale - box.left) / unit, y: ((y - drawn.y) / drawn.scale - box.top) / unit });
  }

  /** Keep an edge where the picture fills its frame. A linked one may leave it, more so the further it is zoomed. */
  #kept(edge, size, room, scale) {
    const middle = (room - size) / 2;
    const slack = this.#isLinked ? Math.max(0, scale - 1) * 2 * room : 0;
    return between(Math.min(room - size, middle) - slack, edge, Math.max(0, middle) + slack);
  }

  /** The place: as wanted, but where a picture fills its frame; all that is seen from afar has only one place. */
  #hold() {
    if (!this.isZoomed) this.#wanted = this.#start;
    const sides = Object.values(this.#sides);
    const along = (axis, size) => {
      const ranges = sides.map((side) => rangeOf(side, axis, side.frame[size] / 2 / this.#scale));
      return between(Math.min(...ranges.map(([first]) => first)), this.#wanted[axis], Math.max(...ranges.map(([, last]) => last)));
    };
    this.#centre = { x: along("x", "width"), y: along("y", "height") };
  }
}

/** From where to where the middle of what is seen may go along an axis of theirs, with half as much seen to each side. */
function rangeOf({ extent, box, unit, map }, axis, half) {
  const corners = [0, 1].flatMap((i) => [0, 1].map((j) => mapped(map, {
    x: (extent.left + i * extent.width - box.left) / unit,
    y: (extent.top + j * extent.height - box.top) / unit,
  })[axis]));
  const [first, last] = [Math.min(...corners), Math.max(...corners)];
  return last - first < 2 * half ? [(first + last) / 2, (first + last) / 2] : [first + half, last - half];
}
