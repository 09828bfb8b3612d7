// Knowledge checks: the answer comes without a new page, and the focus goes to it.
import { postForm } from "./post.js";

function announce(text) {
  const region = document.getElementById("live-assertive");
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

function putInPlace(form, page) {
  const answered = new DOMParser().parseFromString(page, "text/html");
  const fresh = answered.getElementById(form.id);
  if (!fresh) return false;
  const node = document.importNode(fresh, true);
  form.replaceWith(node);
  // The languages of that page send this check along, so that its answer is kept.
  const languages = answered.getElementById("langs");
  if (languages) document.getElementById("langs")?.replaceChildren(...languages.childNodes);
  node.querySelector("[data-feedback]")?.focus();
  return true;
}

async function answerCheck(form, button) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  const { page, refused } = await postForm(form, button.value);
  form.removeAttribute("aria-busy");
  if (page && putInPlace(form, page)) return;
  if (page || refused) {
    form.dataset.plain = "";
    form.requestSubmit(button); // the server explains itself on a page of its own
  } else {
    announce(form.dataset.error);
  }
}

export function startChecks() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("check" in form.dataset) || "plain" in form.dataset || event.submitter?.name !== "action") return;
    event.preventDefault();
    answerCheck(form, event.submitter);
  });
}
