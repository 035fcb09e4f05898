/** Search by picture: a file that is chosen, dropped or pasted is sent at once, and the site's answer shown below. */

import { OFFLINE } from "./api.js";
import { takeFiles } from "./drop.js";
import { gettext } from "./words.js";

const TOO_LARGE = gettext("This file is too large.");
const SIGNED_OUT = gettext("You are not signed in any more. Please sign in again to search.");
const FAULT = gettext("Something went wrong on our side. Please try again.");

const form = document.getElementById("drop");
const found = document.getElementById("found");
const state = document.getElementById("state");
const query = document.getElementById("query");
let latest = 0;

async function search([file]) {
  const turn = ++latest;
  document.getElementById("answer").hidden = false;
  document.getElementById("query-part").hidden = false;
  query.src = URL.createObjectURL(file);
  say(gettext("Looking…"));
  const answer = file.size > Number(form.dataset.maxBytes) ? problem(TOO_LARGE) : await ask(file);
  if (turn === latest) show(answer);
}

/** The nodes of the answer; whatever happens, in words. */
async function ask(file) {
  const body = new FormData(form);
  body.set("file", file, file.name || "pasted.png");
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (response.redirected) return problem(SIGNED_OUT);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html").body;
    return answer.querySelector("main") ? problem(FAULT) : [...answer.children];
  } catch {
    return problem(OFFLINE);
  }
}

function say(words) {
  const line = document.createElement("p");
  line.className = "quiet";
  line.textContent = words;
  found.replaceChildren(line);
  state.textContent = words;
}

function problem(words) {
  const notice = document.createElement("div");
  notice.className = "notice bad";
  const line = document.createElement("p");
  line.textContent = words;
  notice.append(line);
  return [notice];
}

function show(answer) {
  found.replaceChildren(...answer);
  state.textContent = found.querySelector("[data-sentence], .notice")?.textContent ?? "";
}

takeFiles(document.getElementById("file"), search);
