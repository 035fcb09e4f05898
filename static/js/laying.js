/** Lays my picture over theirs so that what both show lies on itself: crops, mirrors and turns line up. */

const shapeOf = (image) => ({ width: Number(image.getAttribute("width")), height: Number(image.getAttribute("height")) });

/** Where a picture is within its element, which keeps its shape (object-fit: contain). */
function boxOf(image) {
  const { width, height } = shapeOf(image);
  const scale = Math.min(image.clientWidth / width, image.clientHeight / height);
  const inside = { width: width * scale, height: height * scale };
  return { ...inside, left: (image.clientWidth - inside.width) / 2, top: (image.clientHeight - inside.height) / 2 };
}

const pixels = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `${value}px`]));

/**
 * A function that lays the two pictures of a pair for the view that is chosen. It is called again by itself when the
 * window changes. A pair without data-matrix is left as the style sheet has it.
 */
export function layInPlace(pair) {
  const mine = pair.querySelector(".mine .sheet");
  const theirs = pair.querySelector(".theirs .sheet");
  if (!pair.dataset.matrix || !mine || !theirs) return () => {};
  const matrix = JSON.parse(pair.dataset.matrix);
  const common = JSON.parse(pair.dataset.common);
  const [above, beneath] = [mine, theirs].map((sheet) => sheet.querySelector("img"));

  function lay() {
    const over = !["side", "differs"].includes(pair.dataset.view);
    pair.classList.toggle("laid", over);
    for (const element of [mine, above]) element.removeAttribute("style");
    beneath.style.removeProperty("--common");
    if (over) place(boxOf(beneath));
  }

  /** The matrix counts in longest sides of each picture; mine is set at its size in theirs, so that it stays sharp. */
  function place(box) {
    const [a, b, c, d, e, f] = matrix;
    const shape = shapeOf(above);
    const there = Math.max(box.width, box.height);
    const here = there * Math.sqrt(Math.abs(a * e - b * d));
    const size = here / Math.max(shape.width, shape.height);
    const k = there / here;
    const [frame, at] = [theirs.parentElement, beneath].map((element) => element.getBoundingClientRect());
    Object.assign(mine.style, pixels({ ...box, left: at.left - frame.left + box.left, top: at.top - frame.top + box.top }));
    Object.assign(above.style, pixels({ width: shape.width * size, height: shape.height * size }), {
      transform: `matrix(${[a * k, d * k, b * k, e * k, c * there, f * there].join(",")})`,
    });
    const corners = common.map(([x, y]) => `${box.left + x * box.width}px ${box.top + y * box.height}px`);
    beneath.style.setProperty("--common", `polygon(${corners.join(",")})`);
  }

  const observer = new ResizeObserver(lay);
  for (const element of [pair, beneath]) observer.observe(element);
  beneath.addEventListener("load", lay);
  return lay;
}
