/** Maps of the plane as six numbers, row by row: x′ = a·x + b·y + c and y′ = d·x + e·y + f. */

export const IDENTITY = [1, 0, 0, 0, 1, 0];

export const mapped = ([a, b, c, d, e, f], { x, y }) => ({ x: a * x + b * y + c, y: d * x + e * y + f });

/** Where a direction leads: the map without its shift. */
export const turned = ([a, b, , d, e], { x, y }) => ({ x: a * x + b * y, y: d * x + e * y });

/** How many times longer things become, the mean of all directions. */
export const growth = ([a, b, , d, e]) => Math.sqrt(Math.abs(a * e - b * d));

export function inverse([a, b, c, d, e, f]) {
  const area = a * e - b * d;
  return [e / area, -b / area, (b * f - e * c) / area, -d / area, a / area, (d * c - a * f) / area];
}
