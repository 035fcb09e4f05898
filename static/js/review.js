/**
 * The review desk: a decision goes by fetch, and the next case takes the place of the last without a new page.
 *
 * Whatever carries data-swap in the desk does so; without this script the same forms and links load pages. The case
 * that lies open is claimed on arrival and again every minute while somebody looks.
 */

import { startStages } from "./compare.js";
import { gettext } from "./words.js";

const RENEW = 60_000;
const UNREACHED = gettext("We could not be reached, so nothing was changed. Please try again.");
const desk = document.getElementById("desk");
const told = document.getElementById("told");
const trouble = document.getElementById("trouble");
let isBusy = false;
let claimedAt = 0;

const openCase = () => desk.querySelector("[data-case]");
const token = () => desk.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

function say(words) {
  trouble.hidden = !words;
  trouble.firstElementChild.textContent = words;
}

/** Fetch the pictures of the next case while this one is looked at, so that they are there when it comes. */
function fetchAhead() {
  for (const link of desk.querySelectorAll("link[rel=prefetch]")) new Image().src = link.href;
}

function arrive() {
  startStages();
  fetchAhead();
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

/** Put what came into the desk's place. ``address`` is pushed when it is to be gone back from. */
function show(html, address) {
  desk.innerHTML = html;
  const part = desk.firstElementChild;
  document.title = part.dataset.title;
  count(part.dataset.waiting);
  if (address && address !== location.pathname + location.search) history.pushState(null, "", address);
  scrollTo(0, 0);
  desk.querySelector("[data-arrive]")?.focus({ preventScroll: true });
  told.textContent = part.dataset.told.trim();
  arrive();
}

/** Ask for a part of the desk. An answer that is none, such as a page to sign in, is opened as a page. */
async function ask(address, options = {}, { pushes = true } = {}) {
  if (isBusy) return;
  isBusy = true;
  desk.setAttribute("aria-busy", "true");
  say("");
  try {
    const response = await fetch(address, { ...options, headers: { "X-Desk": "1" } });
    const belongs = response.headers.get("X-Desk-Address");
    if (belongs) show(await response.text(), pushes ? belongs : "");
    else if (response.ok) location.assign(response.url);
    else say(response.status === 404 ? gettext("This case is not there any more.") : UNREACHED);
  } catch {
    say(UNREACHED);
  } finally {
    isBusy = false;
    desk.removeAttribute("aria-busy");
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
  ask(form.getAttribute("action"), { method: "POST", body: new FormData(form, event.submitter) });
});
addEventListener("popstate", () => ask(location.href, {}, { pushes: false }));
document.addEventListener("visibilitychange", renew);
setInterval(renew, RENEW);
fetchAhead();
const first = openCase();
if (first && "claim" in first.dataset) claim(first);
