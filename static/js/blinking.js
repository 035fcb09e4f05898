/** The view in which the pictures take turns: by themselves, or by hand. Whoever wants no motion gets a still. */

const TURN = 700;

const wantsNoMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** { start, stop } of a stage; data-shown of the pair says which picture is seen. */
export function takeTurns(stage, pair) {
  const controls = stage.querySelector("[data-blinking]");
  const pause = controls.querySelector("[data-pause]");
  let timer = 0;

  const show = (side) => (pair.dataset.shown = side);
  const turn = () => show(pair.dataset.shown === "mine" ? "theirs" : "mine");

  function halt() {
    clearInterval(timer);
    pause.setAttribute("aria-pressed", "true");
  }

  function run() {
    clearInterval(timer);
    timer = setInterval(() => (pair.isConnected ? turn() : halt()), TURN);
    pause.setAttribute("aria-pressed", "false");
  }

  controls.querySelector("[data-flip]").addEventListener("click", () => {
    halt();
    turn();
  });
  pause.addEventListener("click", () => (pause.getAttribute("aria-pressed") === "true" ? run() : halt()));

  return {
    start() {
      controls.hidden = false;
      show("mine");
      if (wantsNoMotion()) halt();
      else run();
    },
    stop() {
      controls.hidden = true;
      halt();
    },
  };
}
