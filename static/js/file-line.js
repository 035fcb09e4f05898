/** One line of the list of files: its thumbnail, its name, where it stands, and what can be done. */

import { gettext } from "./words.js";

export class FileLine {
  /** ``file`` is missing where only its address is known. */
  constructor(name, file = null) {
    const template = document.getElementById("file-line");
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.querySelector(".name").textContent = name;
    this.state = this.element.querySelector(".state");
    this.bar = this.element.querySelector("progress");
    this.acts = this.element.querySelector(".act");
    if (file) this.#picture(file);
  }

  #picture(file) {
    const image = new Image();
    image.className = "thumb";
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => this.element.querySelector(".thumb").replaceWith(image), { once: true });
  }

  /** Say where the file stands. ``tone``: good, bad, ask, or nothing. */
  say(words, tone = "") {
    this.state.textContent = words;
    this.element.dataset.tone = tone;
    this.bar.hidden = true;
    this.acts.replaceChildren();
  }

  progress(share) {
    this.bar.hidden = false;
    this.bar.value = Math.round(share * 100);
    this.bar.setAttribute("aria-label", gettext("Sent"));
  }

  link(words, address, first = false) {
    const link = document.createElement("a");
    link.className = first ? "button slim first" : "button slim";
    link.href = address;
    link.textContent = words;
    this.acts.append(link);
  }

  button(words, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button slim";
    button.textContent = words;
    button.addEventListener("click", onClick);
    this.acts.append(button);
  }
}
