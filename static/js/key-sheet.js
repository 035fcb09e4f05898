/** The sheet of keys, written anew from the page each time it opens, so that it says what is true now. */

const SIGNS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", "-": "−", enter: "⏎", escape: "Esc" };

const signOf = (key) => (key.startsWith("shift+") ? `⇧ ${signOf(key.slice(6))}` : SIGNS[key] ?? key.toUpperCase());

const keysOf = (element) =>
  [element.dataset.innerKey, element.dataset.key].filter(Boolean).map((keys) => signOf(keys.split(" ")[0]));

const make = (tag, ...content) => {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
};

/** What a key does, in the words that stand on what it presses. */
function wordsOf(element) {
  const said = element.getAttribute("aria-label") ?? element.querySelector("b")?.textContent;
  if (said) return said.trim();
  const copy = element.cloneNode(true);
  for (const aside of copy.querySelectorAll("kbd, small, .does")) aside.remove();
  return copy.textContent.trim();
}

/** What a key belongs to: the nearest thing around it that has a name. */
function groupOf(element, elsewhere) {
  const around = element.parentElement.closest("[aria-label], [aria-labelledby]");
  if (!around) return elsewhere;
  const heading = document.getElementById(around.getAttribute("aria-labelledby"));
  return around.getAttribute("aria-label") ?? heading?.textContent.trim() ?? elsewhere;
}

function groupsOf(elements, elsewhere) {
  const [groups, known] = [new Map(), new Set()];
  for (const element of elements) {
    const name = groupOf(element, elsewhere);
    if (known.has(element.dataset.key)) continue;
    known.add(element.dataset.key);
    groups.set(name, [...(groups.get(name) ?? []), element]);
  }
  return groups;
}

function lineOf(element) {
  const keys = keysOf(element).flatMap((sign) => [make("kbd", sign), " "]);
  return make("div", make("dt", ...keys), make("dd", wordsOf(element)));
}

function write(sheet, isReady) {
  const elements = [...document.querySelectorAll("[data-key]")].filter(
    (element) => isReady(element) && !sheet.contains(element) && !("opensKeys" in element.dataset),
  );
  const groups = groupsOf(elements, sheet.dataset.elsewhere);
  sheet.querySelector("[data-keys-here]").replaceChildren(
    ...[...groups].map(([name, lines]) => make("section", make("h3", name), make("dl", ...lines.map(lineOf)))),
  );
  sheet.querySelector("[data-none]").hidden = groups.size > 0;
  sheet.querySelector("[data-inner]").hidden = !elements.some((element) => element.dataset.innerKey);
}

export function toggleSheet(isReady) {
  const sheet = document.getElementById("keys");
  if (sheet.open) {
    sheet.close();
    return;
  }
  write(sheet, isReady);
  sheet.showModal();
}
