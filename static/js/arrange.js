/** Putting a gallery in order without loading the page: the forms' moves, and dragging. Moves follow one another. */

import { call } from "./api.js";
import { fill, gettext } from "./words.js";

const list = document.getElementById("arranged");
const first = Number(list?.dataset.first);
const all = Number(list?.dataset.all);
let latest = Promise.resolve();

const lines = () => [...list.children];
const placeOf = (line) => first + lines().indexOf(line);

function move(line, aim, expected) {
  latest = latest.then(() => carryOut(line, aim, expected));
  return latest;
}

/** Ask for a move and show it. Returns whether it was done. */
async function carryOut(line, aim, expected) {
  const path = `/galleries/${list.dataset.gallery}/pictures/${line.dataset.picture}/move`;
  try {
    const { place } = await call(path, { method: "POST", json: aim });
    // Beyond this page, or somebody has changed the order meanwhile: the truth is on the server.
    if (place !== expected(place) || place < first || place >= first + list.children.length) return lookAgain(line);
    settle(line, place);
    return true;
  } catch (problem) {
    complain(problem.message);
    return false;
  }
}

function lookAgain(line) {
  history.replaceState(null, "", `#p-${line.dataset.picture}`);
  location.reload();
  return true;
}

function settle(line, place) {
  const focused = document.activeElement;
  const others = lines().filter((each) => each !== line);
  list.insertBefore(line, others[place - first] ?? null);
  number();
  document.getElementById("not-moved").hidden = true;
  const words = gettext("“{name}” is number {place} of {all} now.");
  document.getElementById("moved").textContent = fill(words, { name: line.dataset.name, place, all });
  if (line.contains(focused)) refocus(line, focused);
}

function number() {
  lines().forEach((line, index) => {
    const place = first + index;
    line.querySelector(".number").textContent = place;
    line.querySelector("[name=place]").value = place;
    line.querySelector("[name=step][value='-1']").disabled = place === 1;
    line.querySelector("[name=step][value='1']").disabled = place === all;
  });
}

/** A line that has moved keeps the focus; at an end of the list its other button gets it. */
function refocus(line, focused) {
  (focused.disabled ? line.querySelector("[name=step]:not([disabled])") : focused)?.focus();
  line.scrollIntoView({ block: "nearest" });
}

function complain(words) {
  const notice = document.getElementById("not-moved");
  notice.firstElementChild.textContent = words;
  notice.hidden = false;
}

function takeMoves() {
  list.addEventListener("submit", (event) => {
    if (!("move" in event.target.dataset)) return;
    event.preventDefault();
    const line = event.target.closest("li");
    const step = event.submitter?.name === "step" ? Number(event.submitter.value) : null;
    if (step === null) {
      const wanted = Number(event.target.elements.place.value);
      if (Number.isInteger(wanted) && wanted > 0) move(line, { place: wanted }, () => Math.min(wanted, all));
      else complain(gettext("To move a picture, give the number of a place: 1 is the first."));
    } else {
      move(line, { step }, () => placeOf(line) + step);
    }
  });
}

function takeDrags() {
  let dragged = null;
  let origin = null;

  list.addEventListener("pointerdown", (event) => {
    const line = event.target.closest("li");
    if (line) line.draggable = !event.target.closest("input, button, label");
  });
  for (const inner of list.querySelectorAll("a, img")) inner.draggable = false;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    origin = dragged.nextElementSibling;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.name);
    dragged.classList.add("dragging");
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = event.target.closest("li");
    if (!over || over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    list.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextElementSibling);
  });
  list.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const line = dragged;
    const back = origin;
    dragged = null;
    line.classList.remove("dragging");
    if (line.nextElementSibling === back) return;
    const next = line.nextElementSibling;
    const place = placeOf(line);
    const aim = next ? { before: next.dataset.picture } : { place };
    move(line, aim, () => place).then((done) => {
      if (!done) putBack(line, back);
    });
  });
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragging");
    putBack(dragged, origin);
    dragged = null;
  });
}

function putBack(line, before) {
  list.insertBefore(line, before);
  number();
}

if (list) {
  document.documentElement.classList.add("js");
  takeMoves();
  takeDrags();
}
