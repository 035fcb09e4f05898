/** Search by picture: send one file, show what looks like it. */

import { send } from "./api.js";
import { takeFiles } from "./drop.js";

const state = document.getElementById("state");
const found = document.getElementById("found");
const query = document.getElementById("query");
let latest = 0;

async function search([file]) {
  const turn = ++latest;
  document.getElementById("answer").hidden = false;
  query.src = URL.createObjectURL(file);
  found.replaceChildren();
  state.textContent = "Looking…";
  const body = new FormData();
  body.append("file", file, file.name || "pasted.png");
  try {
    const answer = await send("/search", body, () => {});
    if (turn === latest) show(answer);
  } catch (problem) {
    if (turn === latest) state.textContent = problem.message;
  }
}

function show({ results = [], limits = [] }) {
  state.textContent = [howMany(results), ...limits].join(" ");
  found.replaceChildren(...results.map(card));
}

const howMany = (results) =>
  ({ 0: "Nothing here looks like it.", 1: "One picture looks like it." }[results.length]
    ?? `${results.length} pictures, the most alike first.`);

function card({ picture, distance, relation, probability, same_picture }) {
  const link = document.createElement("a");
  link.href = picture.url;
  const image = new Image();
  image.src = picture.thumbnail;
  image.alt = "";
  image.loading = "lazy";
  const title = document.createElement("b");
  title.textContent = picture.title || "Untitled picture";
  const words = document.createElement("span");
  words.className = "quiet small";
  const known = probability >= LIKELY ? RELATIONS[relation] : "Probably another picture";
  words.textContent = [known, same_picture ? nearness(distance) : ""].filter(Boolean).join(", ");
  link.append(image, title, words);
  return link;
}

const RELATIONS = {
  identical_bytes: "The very same file",
  same_pixels: "The same picture",
  re_encoded: "The same, saved again",
  resized: "The same in another size",
  greyscale: "The same, one without colours",
  recoloured: "In other colours",
  cropped: "The same, one showing more",
  framed: "The same, one with a border",
  captioned: "The same, with a strip of text",
  mirrored: "The same, mirrored",
  rotated: "The same, turned",
  contains: "Shown in yours among other things",
  contained: "Shows yours among other things",
  variant: "A part differs",
};

/** Below this probability nobody is asked, as it comes, and the relation says nothing. */
const LIKELY = 0.5;

const nearness = (distance) => (Number.isFinite(distance) ? `${distance} of 256 marks differ` : "");

takeFiles(document.getElementById("file"), search);
