/**
 * The review desk: a decision goes by fetch, and the next case takes the place of the last without a new page.
 *
 * Whatever carries data-swap in the desk does so; without this script the same forms and links load pages. The case
 * that lies open is claimed on arrival and again every minute while somebody looks. A decision with data-onward shows
 * the next case, which was fetched ahead, before its answer has come; what is pressed there meanwhile waits for it.
 */

import { fetchAhead, forgetAhead, takeAhead } from "./ahead.js";
import { startStages } from "./compare.js";
import { gettext } from "./words.js";

const RENEW = 60_000;
const UNREACHED = gettext("We could not be reached, so nothing was changed. Please try again.");
const desk = document.getElementById("desk");
const told = document.getElementById("told");
const trouble = document.getElementById("trouble");
let isBusy = false;
let claimedAt = 0;
let previewed = null;
let pressed = [];

const openCase = () => desk.querySelector("[data-case]");
const token = () => desk.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

function say(words) {
  trouble.hidden = !words;
  trouble.firstElementChild.textContent = words;
}

/** Fetch the next case and its pictures while this one is looked at. */
function lookAhead() {
  for (const link of desk.querySelectorAll("link[rel=prefetch]")) new Image().src = link.href;
  fetchAhead(openCase()?.dataset.next);
}

function arrive() {
  startStages();
  lookAhead();
  const place = openCase();
  if (place && "claim" in place.dataset) {
    claimedAt = "mine" in place.dataset ? Date.now() : 0;
    if (!claimedAt) claim(place);
  }
}

/** The number beside the link in the menu, which stands outside the desk. */
function count(waiting) {
  const badge = document.querySelector(".places a[aria-current] .count");
  if (!badge || waiting === undefined) return;
  badge.firstChild.data = waiting;
  badge.hidden = waiting === "0";
}

/** Put a part into the desk's place. The case that was shown ahead keeps its pictures: nothing flickers. */
function lay(html) {
  const seen = previewed !== null && desk.querySelector("[data-stage]");
  const reason = desk.querySelector("[name=reason]")?.value;
  desk.innerHTML = html;
  if (!seen || openCase()?.dataset.case !== previewed) return false;
  desk.querySelector("[data-stage]")?.replaceWith(seen);
  const field = desk.querySelector("[name=reason]");
  if (field && reason) field.value = reason;
  return true;
}

/** What took the place of a link that was followed within the same case, by its name or its key. */
function refocus(before) {
  const key = before?.matches?.("a[data-swap]") && before.dataset.key;
  return key ? desk.querySelector(`a[data-swap][data-key="${key}"]`) : null;
}

function toTop() {
  scrollTo(0, 0);
  desk.querySelector("[data-arrive]")?.focus({ preventScroll: true });
}

/** Put what came into the desk's place. ``address`` is pushed when it is to be gone back from. */
function show(html, address) {
  const focused = document.activeElement;
  const typing = document.activeElement?.name === "reason";
  const isTheSame = lay(html);
  previewed = null;
  const part = desk.firstElementChild;
  document.title = part.dataset.title;
  count(part.dataset.waiting);
  // Another choice within one case is no step to go back by.
  const isWithin = address && new URL(address, location.href).pathname === location.pathname;
  if (isWithin) history.replaceState(null, "", address);
  else if (address) history.pushState(null, "", address);
  if (isWithin) (refocus(focused) ?? desk.querySelector("[data-arrive]"))?.focus({ preventScroll: true });
  else if (!isTheSame) toTop();
  else if (typing) desk.querySelector("[name=reason]")?.focus();
  else desk.querySelector("[data-arrive]")?.focus({ preventScroll: true });
  told.textContent = part.dataset.told.trim();
  arrive();
}

/** Show the next case before the answer about this one has come, if it was fetched ahead. */
function preview() {
  const html = takeAhead(openCase()?.dataset.next);
  if (!html) return;
  desk.innerHTML = html;
  previewed = openCase()?.dataset.case ?? null;
  startStages();
  toTop();
}

/** Keep what is pressed while an answer is on its way, with the case that it was meant for. */
function keepPressed({ name, value, dataset }) {
  if (dataset.key) pressed.push({ name, value, key: dataset.key, at: openCase()?.dataset.case });
}

/** What was pressed meanwhile is done now, one after the other, if the case that it was meant for lies open. */
function sendPressed() {
  pressed = pressed.filter(({ at }) => at && at === openCase()?.dataset.case);
  if (!pressed.length) return;
  const { name, value, key } = pressed.shift();
  desk.querySelector(name ? `[name="${name}"][value="${value}"]` : `[data-key="${key}"]`)?.click();
}

/** Say what went wrong, at the case that was left too early. */
function returnTo(before, words) {
  if (previewed !== null) desk.replaceChildren(...before);
  previewed = null;
  say(words);
  lookAhead();
}

/** Lay out an answer; true unless it refuses. */
async function take(response, pushes) {
  show(await response.text(), pushes ? response.headers.get("X-Desk-Address") : "");
  return response.ok;
}

/** Ask for a part of the desk. An answer that is none, such as a page to sign in, is opened as a page. */
async function ask(address, options = {}, { pushes = true, onward = false } = {}) {
  if (isBusy) return;
  isBusy = true;
  desk.setAttribute("aria-busy", "true");
  say("");
  const before = [...desk.childNodes];
  let isDone = false;
  const answer = fetch(address, { ...options, headers: { "X-Desk": "1" } });
  if (onward) preview();
  else forgetAhead();
  try {
    const response = await answer;
    if (response.headers.has("X-Desk-Address")) isDone = await take(response, pushes);
    else if (response.ok) location.assign(response.url);
    else returnTo(before, response.status === 404 ? gettext("This case is not there any more.") : UNREACHED);
  } catch {
    returnTo(before, UNREACHED);
  } finally {
    isBusy = false;
    desk.removeAttribute("aria-busy");
    if (isDone) sendPressed();
    else pressed = [];
  }
}

/** Claim the case, or claim it for longer; when somebody else has it, nothing can be decided here. */
async function claim(place) {
  claimedAt = Date.now();
  let response;
  try {
    const headers = { "X-Desk": "1", "X-CSRFToken": token() };
    response = await fetch(place.dataset.claim, { method: "POST", headers });
  } catch {
    return; // the next minute tries again
  }
  if (!place.isConnected || (!response.ok && response.status !== 409)) return;
  const line = place.querySelector("#claim");
  if (line) line.outerHTML = await response.text();
  for (const control of place.querySelectorAll("[data-decides]")) control.disabled = !response.ok;
}

function renew() {
  const place = openCase();
  const isDue = Date.now() - claimedAt >= RENEW - 1_000;
  if (place && "claim" in place.dataset && !document.hidden && !isBusy && isDue) claim(place);
}

desk.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("swap" in form.dataset)) return;
  event.preventDefault();
  const { submitter } = event;
  if (isBusy && submitter) keepPressed(submitter);
  const options = { method: "POST", body: new FormData(form, submitter) };
  ask(form.getAttribute("action"), options, { onward: "onward" in form.dataset });
});
desk.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (isBusy) keepPressed(link);
  ask(link.href);
});
addEventListener("popstate", () => ask(location.href, {}, { pushes: false }));
document.addEventListener("visibilitychange", renew);
setInterval(renew, RENEW);
lookAhead();
const first = openCase();
if (first && "claim" in first.dataset) claim(first);
