/** The upload page: files queue up, a few travel at once, and each is followed until it is settled. */

import { Problem, call } from "./api.js";
import { checksum } from "./checksum.js";
import { takeFiles } from "./drop.js";
import { FileLine } from "./file-line.js";
import { fetchFrom, sendFile } from "./sending.js";
import { fill, gettext } from "./words.js";

const AT_ONCE = 3;
const LONGEST_PAUSE = 5000;
const LONGEST_REST = 600; // seconds; who must wait longer decides for themselves
const EARLY = 20; // milliseconds by which a timer may come too soon

const form = document.getElementById("upload-form");
const list = document.getElementById("files");
const count = document.getElementById("files-count");
const queue = [];
const tally = { all: 0, settled: 0, asked: 0 };
let travelling = 0;
let restsUntil = 0; // by the clock of the page; we were told to wait

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const addFiles = (files) => add(files.map((file) => ({ file, line: new FileLine(file.name || gettext("Pasted picture"), file) })));
const addAddress = (address) => add([{ address, line: new FileLine(address) }]);

function add(jobs) {
  document.getElementById("files-part").hidden = false;
  const words = wordsOf(form);
  for (const job of jobs) {
    job.words = words;
    job.line.say(gettext("Waiting for its turn"));
    list.append(job.line.element);
    queue.push(job);
    tally.all += 1;
  }
  report();
  next();
}

/** What was filled in, as it is now. */
function wordsOf(form) {
  const given = new FormData(form);
  return Object.fromEntries(["title", "tags", "source"].map((name) => [name, given.get(name)]).filter(([, value]) => value));
}

function next() {
  while (travelling < AT_ONCE && queue.length && performance.now() >= restsUntil) {
    travelling += 1;
    const job = queue.shift();
    submit(job).then((sent) => {
      travelling -= 1;
      next();
      if (sent) follow(job, sent.id);
    });
  }
}

/** Send one file unless we have it. Returns what the API said, or null when there is nothing to follow. */
async function submit(job) {
  try {
    if (job.address) return await fetchFrom(job.address, job.words);
    if (job.file.size > Number(form.dataset.maxBytes)) throw new Problem(gettext("This file is too large."), 413);
    const known = await findKnown(job);
    if (known) return settle(job, () => alreadyHere(job.line, known.url));
    return await sendCancellably(job);
  } catch (problem) {
    return failed(job, problem);
  }
}

async function sendCancellably(job) {
  const cancel = new AbortController();
  const say = (words) => {
    job.line.say(words);
    job.line.button(gettext("Cancel"), () => cancel.abort());
  };
  say(gettext("Sending"));
  try {
    return await sendFile(job, { direct: "direct" in form.dataset, onProgress: (share) => job.line.progress(share), say, signal: cancel.signal });
  } catch (problem) {
    throw cancel.signal.aborted ? new Problem(gettext("You have stopped this.")) : problem;
  }
}

async function findKnown(job) {
  job.line.say(gettext("Looking whether we have it"));
  job.sha256 ??= await checksum(job.file).catch(() => null);
  if (!job.sha256) return null;
  const answer = await call("/precheck", { method: "POST", json: { sha256: job.sha256 } });
  return answer.known ? (answer.picture ?? {}) : null;
}

/** Ask after an upload, less and less often, until it is settled. */
async function follow(job, id) {
  job.line.say(job.address ? gettext("We fetch and check it") : gettext("Sent. We are checking it"));
  job.line.link(gettext("Details"), `${form.dataset.uploads}${id}`);
  for (let wait = 1000; ; wait = Math.min(wait * 1.4, LONGEST_PAUSE)) {
    await pause(wait);
    let upload;
    try {
      upload = await call(`/uploads/${id}`);
    } catch (problem) {
      if (problem.mayPass) {
        await pause(1000 * Math.min(problem.wait, LONGEST_REST));
        continue;
      }
      settle(job, () => job.line.say(problem.message, "bad"));
      return;
    }
    if (!["staged", "analysing"].includes(upload.state)) {
      settle(job, () => show(job.line, upload, id));
      return;
    }
  }
}

function show(line, upload, id) {
  const address = `${form.dataset.uploads}${id}`;
  if (upload.state === "live") {
    line.say(gettext("Published"), "good");
    line.link(gettext("See it"), upload.picture_url || address);
  } else if (upload.state === "held") {
    tally.asked += 1;
    line.say(gettext("We have a question"), "ask");
    line.link(gettext("Answer"), address, true);
  } else if (upload.state === "rejected") {
    line.say(upload.reason || gettext("This file could not be taken."), "bad");
  } else {
    alreadyHere(line, upload.picture_url || address);
  }
}

function alreadyHere(line, address) {
  line.say(gettext("We already have this"));
  if (address) line.link(gettext("See it"), address);
}

function failed(job, problem) {
  if (!problem.mayPass) return settle(job, () => job.line.say(problem.message, "bad"));
  if (problem.wait && problem.wait <= LONGEST_REST) return rest(job, problem);
  job.line.say(problem.message, "bad");
  job.line.button(gettext("Try again"), () => {
    job.line.say(gettext("Waiting for its turn"));
    queue.push(job);
    next();
  });
  return null;
}

/** We were told when to come again: this file is the next one then, and none sets out before. */
function rest(job, problem) {
  job.line.say(fill(gettext("This goes on by itself in {seconds} s. Nothing is lost."), { seconds: problem.wait }));
  queue.unshift(job);
  restsUntil = Math.max(restsUntil, performance.now() + 1000 * problem.wait);
  setTimeout(next, restsUntil - performance.now() + EARLY);
  return null;
}

function settle(job, say) {
  tally.settled += 1;
  say();
  report();
  return null;
}

function report() {
  const words = tally.asked ? gettext("{settled} of {all} done, {asked} with a question") : gettext("{settled} of {all} done");
  count.textContent = fill(words, tally);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = form.elements.namedItem("address");
  if (!field?.value) return;
  addAddress(field.value);
  field.value = "";
});
takeFiles(document.getElementById("file"), addFiles);
