// Every page: the error summary gets the focus, a form is not sent twice by a double click, colours can be chosen.
// Registering tells the time zone of the browser.
import { startTheme } from "./theme.js";

const SENT_FOR = 4000; // milliseconds after which the same form may be sent again

function focusTarget(id) {
  const target = document.getElementById(id);
  return target?.matches("fieldset") ? target.querySelector("input, select, textarea") : target;
}

function startErrorSummary() {
  const list = document.querySelector("[data-error-summary]");
  if (!list) return;
  list.closest("[tabindex]")?.focus();
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const target = link && focusTarget(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
}

function startGuard() {
  const sent = new WeakMap();
  // On the window, so that a script which answers the form itself has spoken before.
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.getAttribute("method") !== "post") return;
    const now = Date.now();
    if (now - (sent.get(event.target) ?? -SENT_FOR) < SENT_FOR) event.preventDefault();
    else sent.set(event.target, now);
  });
  window.addEventListener("click", (event) => {
    if (event.target.closest?.("[aria-disabled=true]")) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) sent.delete(form);
  });
}

function startTimeZone() {
  const field = document.querySelector("[data-time-zone]");
  if (field) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

startErrorSummary();
startGuard();
startTimeZone();
startTheme();
