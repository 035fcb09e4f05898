/** The view that somebody chose last, for each kind of use. Where the browser keeps nothing, it lasts for the page. */

const nameFor = (use) => `doppel.view.${use}`;

export function rememberedView(use) {
  try {
    return localStorage.getItem(nameFor(use));
  } catch {
    return null;
  }
}

export function rememberView(use, view) {
  try {
    localStorage.setItem(nameFor(use), view);
  } catch {
    // Refused or full: nothing to say about it.
  }
}
