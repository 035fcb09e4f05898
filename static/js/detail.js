/** Puts the full-size copy of a picture in its place, once it is drawn larger than the pixels that are there. */

import { shapeOf } from "./laying.js";

const REST = 250;
const TRIES = 20;
const AFTER_FAILURE = 30_000;
const FLATTERING = 1.02;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** { lookSoon } of the sheets of a stage: to be called whenever they are drawn anew, zoomed. */
export function finerDetail(stage, sheets) {
  const told = stage.querySelector("[data-detail]");
  const images = sheets.map((sheet) => sheet.querySelector("img")).filter((image) => image.dataset.full);
  const asked = new Map();
  let [timer, loading] = [0, 0];

  function look() {
    for (const image of images) {
      if (isStretched(image) && !(asked.get(image) > performance.now())) take(image);
    }
  }

  async function take(image) {
    asked.set(image, Infinity);
    loading += 1;
    say(told.dataset.loading);
    let words = "";
    try {
      await putInPlace(image, await fetched(image));
    } catch {
      words = told.dataset.failed;
      asked.set(image, performance.now() + AFTER_FAILURE);
    }
    loading -= 1;
    if (words || !loading) say(words);
  }

  function say(words) {
    told.textContent = words;
    told.hidden = !words;
  }

  function lookSoon() {
    if (!images.length) return;
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  }

  return { lookSoon };
}

/** Whether a picture takes more pixels of the screen than its rendition has. */
function isStretched(image) {
  const box = image.getBoundingClientRect();
  const { width, height } = shapeOf(image);
  return Math.min(box.width / width, box.height / height) * devicePixelRatio > FLATTERING;
}

/** The bytes of the copy, waited for while it is made. */
async function fetched(image) {
  for (let tries = 0; tries < TRIES && image.isConnected; tries += 1) {
    const response = await fetch(image.dataset.full);
    if (response.status === 200) return response.blob();
    if (response.status !== 202) break;
    await pause(1000 * (Number(response.headers.get("Retry-After")) || 1));
  }
  throw new Error("There is no full-size copy.");
}

/** Decoded first, so that nothing flickers; the element stays, as others hold on to it. */
async function putInPlace(image, blob) {
  const address = URL.createObjectURL(blob);
  const ready = new Image();
  ready.src = address;
  await ready.decode();
  image.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  for (const source of image.parentElement.querySelectorAll("source")) source.remove();
  image.decoding = "sync";
  image.src = address;
}
