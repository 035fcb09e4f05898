/** Lays my picture over theirs so that what both show lies on itself: crops, mirrors and turns line up. */

export const shapeOf = (image) => ({ width: Number(image.getAttribute("width")), height: Number(image.getAttribute("height")) });

/** Where a picture is within an element, as its own element keeps its shape (object-fit: contain). In pixels. */
export function boxWithin(element, image) {
  const { width, height } = shapeOf(image);
  const [outer, at] = [element, image].map((each) => each.getBoundingClientRect());
  const scale = Math.min(at.width / width, at.height / height);
  const inside = { width: width * scale, height: height * scale };
  return {
    ...inside,
    left: at.left - outer.left + (at.width - inside.width) / 2,
    top: at.top - outer.top + (at.height - inside.height) / 2,
  };
}

const pixels = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `${value}px`]));

/** A function that lays the two pictures of a pair for the view that is chosen; nothing may be zoomed meanwhile. */
export function layInPlace(pair, matrix) {
  const mine = pair.querySelector(".mine .sheet");
  const theirs = pair.querySelector(".theirs .sheet");
  if (!matrix || !mine || !theirs) return () => {};
  const common = JSON.parse(pair.dataset.common);
  const [above, beneath] = [mine, theirs].map((sheet) => sheet.querySelector("img"));

  function lay() {
    const over = !["side", "differs"].includes(pair.dataset.view);
    pair.classList.toggle("laid", over);
    for (const element of [mine, above]) element.removeAttribute("style");
    beneath.style.removeProperty("--common");
    if (over) place(boxWithin(theirs.parentElement, beneath), boxWithin(beneath, beneath));
  }

  /** The matrix counts in longest sides of each picture; mine is set at its size in theirs, so that it stays sharp. */
  function place(box, inside) {
    const [a, b, c, d, e, f] = matrix;
    const shape = shapeOf(above);
    const there = Math.max(box.width, box.height);
    const here = there * Math.sqrt(Math.abs(a * e - b * d));
    const size = here / Math.max(shape.width, shape.height);
    const k = there / here;
    Object.assign(mine.style, pixels(box));
    Object.assign(above.style, pixels({ width: shape.width * size, height: shape.height * size }), {
      transform: `matrix(${[a * k, d * k, b * k, e * k, c * there, f * there].join(",")})`,
    });
    const corners = common.map(([x, y]) => `${inside.left + x * box.width}px ${inside.top + y * box.height}px`);
    beneath.style.setProperty("--common", `polygon(${corners.join(",")})`);
  }

  return lay;
}
