// Boxes that act when ticked, and forms that ask before they act.

const question = document.getElementById("question");

/**
 * Asks with the page's own dialog; true when the answer is yes.
 * @param {HTMLFormElement} form
 * @returns {Promise<boolean>}
 */
function confirmed(form) {
  if (!(question instanceof HTMLDialogElement)) return Promise.resolve(true);
  const { confirm, confirmTitle, confirmButton } = form.dataset;
  question.querySelector("h2").textContent = confirmTitle;
  question.querySelector("p").textContent = confirm;
  question.querySelector("button[value=yes]").textContent = confirmButton;
  question.returnValue = "no";
  question.showModal();
  return new Promise((answer) => {
    question.addEventListener("close", () => answer(question.returnValue === "yes"), { once: true });
  });
}

for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // `submit()` raises no further event: a confirmed form is not asked about again.
    if (await confirmed(form)) form.submit();
    else form.reset();
  });
}

for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  // What the browser kept from before a reload is not what the server says.
  form.reset();
  form.addEventListener("change", () => form.requestSubmit());
}
