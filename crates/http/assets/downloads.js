// Download buttons: hand the text of the snippet around them out as a file. It is made in the
// page: what is shown once does not travel again.

const KEPT_FOR_MS = 10_000;

for (const button of document.querySelectorAll("button[data-download]")) {
  const code = button.closest(".snippet")?.querySelector("code");
  if (!code) continue;
  button.addEventListener("click", () => {
    const file = new Blob([code.textContent ?? "", "\n"], { type: "application/octet-stream" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = button.dataset.download;
    link.click();
    // The browser reads the file after the click; then nothing of it is kept.
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR_MS);
  });
}
