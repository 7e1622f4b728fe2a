// Pages that show a secret once. Buttons copy the text of another element, <button data-copy="ID">, and say so.
const TOLD_MS = 2000;

// Such a page answers a form. Loaded again, it must neither make another secret nor show this one.
const address = document.querySelector("[data-address]")?.dataset.address;
if (address) history.replaceState(null, "", address);

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not over plain HTTP, or not allowed
  }
}

function select(source) {
  const range = document.createRange();
  range.selectNodeContents(source);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const before = button.dataset.before ?? button.textContent;
  button.dataset.before = before;
  const done = await copy(source.textContent);
  if (!done) select(source);
  button.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => (button.textContent = before), TOLD_MS);
});
