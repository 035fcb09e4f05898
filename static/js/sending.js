/**
 * How a file gets to us: straight to storage where the page says that it can, otherwise through the site.
 *
 * A form to storage cannot go on in the middle: after a broken connection it starts again, at the same place, so that
 * nothing comes twice. When storage cannot be reached the file goes through the site.
 */

import { Problem, call, send, sendTo } from "./api.js";
import { fill, gettext } from "./words.js";

const PAUSES = [1000, 3000];
const TYPES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"]);
let reachable = true;

/** Send one file. Returns what the API said of the upload. ``say`` shows words, ``onProgress`` a share from 0 to 1. */
export async function sendFile(job, { direct, onProgress, say, signal }) {
  if (direct && reachable && TYPES.has(job.file.type) && job.file.size) {
    const accepted = await sendDirectly(job, { onProgress, say, signal });
    if (accepted) return accepted;
    say(gettext("Sending"));
  }
  return send("/uploads", formOf(job.words, job.file), onProgress, signal);
}

/** Let the site fetch a picture from its address. */
export const fetchFrom = (url, words) => call("/uploads/by-url", { method: "POST", json: { ...words, url } });

/** Returns null when storage does not take it from here. */
async function sendDirectly(job, { onProgress, say, signal }) {
  if (!job.arrived) {
    const announced = await announce(job, signal);
    if (!(await deliver(announced, job.file, { onProgress, say, signal }))) return null;
    job.arrived = announced.id; // whoever tries again need not send it again
  }
  try {
    return await patiently(() => call(`/uploads/${job.arrived}/complete`, { method: "POST", signal }), { say, signal });
  } catch (problem) {
    if (problem.mayPass || signal.aborted) throw problem;
    job.arrived = null;
    return null;
  }
}

function announce({ file, words, sha256 }, signal) {
  const json = { ...words, name: file.name || "pasted.png", type: file.type, size: file.size, sha256: sha256 ?? "" };
  return call("/uploads/presign", { method: "POST", json, signal });
}

async function deliver({ url, fields }, file, { onProgress, say, signal }) {
  try {
    await patiently(() => sendTo(url, formOf(fields, file), onProgress, signal), { say, signal });
    return true;
  } catch (problem) {
    if (signal.aborted) throw problem;
    if (problem.status === 0) reachable = false;
    return false;
  }
}

/** Try again, after a little longer each time, as long as that may help. */
async function patiently(act, { say, signal }) {
  for (const pause of PAUSES) {
    try {
      return await act();
    } catch (problem) {
      if (!problem.mayPass || signal.aborted) throw problem;
      say(fill(gettext("The connection broke. We try again in {seconds} s"), { seconds: pause / 1000 }));
      await waited(pause, signal);
      say(gettext("Sending"));
    }
  }
  return act();
}

function waited(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Problem(gettext("You have stopped this.")));
    });
  });
}

function formOf(fields, file) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", file, file.name || "pasted.png");
  return body;
}
