// Copy buttons: put the text of the snippet around them on the clipboard and say so.

const SAID_FOR_MS = 2000;

/** @param {HTMLElement} code */
function select(code) {
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.selectAllChildren(code);
}

/**
 * The clipboard interface exists only on https and on loopback; elsewhere the text is selected
 * and the browser's own copy command takes it.
 * @param {HTMLElement} code
 */
async function copy(code) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      return true;
    } catch {
      // Refused by the browser's settings: fall through to the selection.
    }
  }
  select(code);
  return document.execCommand("copy");
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const code = button.closest(".snippet")?.querySelector("code");
  if (!code) continue;
  button.addEventListener("click", async () => {
    const said = (await copy(code)) ? "Copied" : "Selected: copy it now";
    const before = "Copy";
    button.textContent = said;
    const announcements = document.getElementById("announcements");
    if (announcements) announcements.textContent = said;
    setTimeout(() => {
      button.textContent = before;
    }, SAID_FOR_MS);
  });
}
