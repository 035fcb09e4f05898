/** Suggestions for whatever input carries data-tags: several tags, separated by commas, else by spaces. By keyboard too. */

import { call } from "./api.js";
import { fill, gettext, ngettext } from "./words.js";

const PAUSE = 120;
const SHOWN = 8;

/** The tag at the caret: where it begins and ends, and what of it stands before the caret. */
function tagAt(text, caret) {
  const ends = text.includes(",") ? /[,\n]/ : /\s/;
  let start = caret;
  while (start > 0 && !ends.test(text[start - 1])) start -= 1;
  let end = caret;
  while (end < text.length && !ends.test(text[end])) end += 1;
  while (start < caret && /\s/.test(text[start])) start += 1;
  return { start, end, word: text.slice(start, caret) };
}

/** The other tags that stand in the input, as they were typed. */
function othersIn(text, { start, end }) {
  const rest = `${text.slice(0, start)} , ${text.slice(end)}`;
  return new Set(rest.split(text.includes(",") ? /[,\n]/ : /[\s,]+/).map((each) => each.trim().toLowerCase()));
}

class Suggestions {
  #input;
  #list;
  #said;
  #names = [];
  #active = -1;
  #turn = 0;
  #timer = 0;

  constructor(input) {
    this.#input = input;
    this.#list = this.#box("ul", "suggestions", "listbox");
    this.#list.id = `${input.id || input.name}-suggestions`;
    this.#list.setAttribute("aria-label", gettext("Suggestions"));
    this.#list.hidden = true;
    this.#said = this.#box("span", "unseen", "status");
    input.parentElement.classList.add("suggesting");
    input.after(this.#list, this.#said);
    for (const [name, value] of [
      ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
      ["aria-controls", this.#list.id], ["autocomplete", "off"], ["autocapitalize", "none"],
    ]) input.setAttribute(name, value);
    this.#listen();
  }

  #box(element, className, role) {
    const made = document.createElement(element);
    made.className = className;
    made.setAttribute("role", role);
    return made;
  }

  #listen() {
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), PAUSE);
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#close());
    // The input keeps the focus while somebody points at a suggestion.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose([...this.#list.children].indexOf(option));
    });
  }

  get #here() {
    return tagAt(this.#input.value, this.#input.selectionStart ?? this.#input.value.length);
  }

  async #ask() {
    const turn = ++this.#turn;
    const { word } = this.#here;
    if (!word) return this.#close();
    let items = [];
    try {
      ({ items } = await call(`/tags?limit=${SHOWN + 4}&prefix=${encodeURIComponent(word.slice(0, 60))}`));
    } catch {
      // Suggestions are a help and no more: without them the person types on.
    }
    if (turn === this.#turn && document.activeElement === this.#input) this.#show(items);
  }

  #show(items) {
    const others = othersIn(this.#input.value, this.#here);
    const shown = items.filter(({ name }) => !others.has(name)).slice(0, SHOWN);
    this.#names = shown.map(({ name }) => name);
    this.#list.replaceChildren(...shown.map((item, index) => this.#option(item, index)));
    this.#list.hidden = !shown.length;
    this.#input.setAttribute("aria-expanded", String(shown.length > 0));
    this.#said.textContent = shown.length ? fill(ngettext("{count} suggestion", "{count} suggestions", shown.length), { count: shown.length }) : "";
    this.#mark(-1);
  }

  #option({ name, uses }, index) {
    const option = this.#box("li", "", "option");
    option.id = `${this.#list.id}-${index}`;
    const word = document.createElement("span");
    word.className = "cut";
    word.textContent = name;
    const count = document.createElement("small");
    count.textContent = uses;
    option.append(word, count);
    return option;
  }

  #key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.#list.hidden) {
      if (event.key === "ArrowDown" && this.#here.word) {
        event.preventDefault();
        this.#ask();
      }
      return;
    }
    const count = this.#names.length;
    const deeds = {
      ArrowDown: () => this.#mark((this.#active + 1) % count),
      ArrowUp: () => this.#mark(this.#active <= 0 ? count - 1 : this.#active - 1),
      Enter: () => (this.#active < 0 ? this.#close() : this.#choose(this.#active)),
      Escape: () => this.#close(),
    };
    if (!deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  }

  #mark(index) {
    this.#active = index;
    [...this.#list.children].forEach((option, each) => option.setAttribute("aria-selected", String(each === index)));
    if (index < 0) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    this.#input.setAttribute("aria-activedescendant", `${this.#list.id}-${index}`);
    this.#list.children[index].scrollIntoView({ block: "nearest" });
  }

  #choose(index) {
    const text = this.#input.value;
    const { start, end } = this.#here;
    const between = text.includes(",") ? ", " : " ";
    const rest = text.slice(end).replace(/^[\s,]+/, "");
    const before = text.slice(0, start) + this.#names[index] + between;
    this.#input.value = before + rest;
    this.#input.setSelectionRange(before.length, before.length);
    this.#close();
    this.#said.textContent = fill(gettext("{name} added"), { name: this.#names[index] });
  }

  #close() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#mark(-1);
  }
}

for (const input of document.querySelectorAll("input[data-tags]")) new Suggestions(input);
