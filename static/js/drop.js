/** Files that are chosen, dropped anywhere on the page, or pasted. */

export function takeFiles(input, onFiles) {
  document.documentElement.classList.add("js");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) onFiles(files);
  });
  takeDrops(onFiles);
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    onFiles(files);
  });
}

function takeDrops(onFiles) {
  let depth = 0;
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const mark = (over) => document.body.classList.toggle("dropping", over);

  document.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) mark(++depth > 0);
  });
  document.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) mark((depth = Math.max(0, depth - 1)) > 0);
  });
  document.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark((depth = 0) > 0);
    const files = [...event.dataTransfer.files];
    if (files.length) onFiles(files);
  });
}
