/** Calls of our own API, with the session and its CSRF token. A refusal is a Problem with words to show. */

import { gettext } from "./words.js";

const BASE = "/api/v1";

export class Problem extends Error {
  constructor(words, status = 0, wait = 0) {
    super(words);
    this.status = status;
    /** Seconds after which it may be tried again, where we were told; else 0. */
    this.wait = wait;
  }
  /** Whether sending it again may help: the network, an outage, or too much at once. */
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const OFFLINE = gettext("We could not be reached. Your file is still here.");

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

async function parsed(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(wordsOf(body, response.status), response.status, secondsOf(response.headers.get("Retry-After")));
  return body;
}

const secondsOf = (header) => Number(header) || 0;

function wordsOf(body, status) {
  if (typeof body.detail === "string") return body.detail;
  if (typeof body.title === "string") return body.title;
  return status === 413 ? gettext("This file is too large.") : gettext("This did not work. Please try again.");
}

export async function call(path, { method = "GET", json, body, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = token();
  if (json !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(BASE + path, { method, headers, body: json === undefined ? body : JSON.stringify(json), signal });
  } catch {
    throw new Problem(OFFLINE);
  }
  return parsed(response);
}

/** POST a form with news of its progress (0 to 1), which fetch cannot give. */
export function send(path, form, onProgress, signal) {
  return travel(BASE + path, form, onProgress, signal, { "X-CSRFToken": token(), Accept: "application/json" });
}

/** POST a form to an address that somebody signed for us; nothing of the session goes along. */
export const sendTo = (address, form, onProgress, signal) => travel(address, form, onProgress, signal, {});

function travel(address, form, onProgress, signal, headers) {
  const ours = address.startsWith(BASE); // others show us no such header
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "text";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("error", () => reject(new Problem(OFFLINE)));
    request.addEventListener("abort", () => reject(new Problem(OFFLINE)));
    request.addEventListener("load", () => {
      const body = jsonOf(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body);
      else reject(new Problem(wordsOf(body, request.status), request.status, secondsOf(ours && request.getResponseHeader("Retry-After"))));
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
