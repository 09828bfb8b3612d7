// An attempt keeps its answers by itself. The line beside the buttons always says whether they are kept.
import { postForm } from "./post.js";

const PAUSE = 1200; // milliseconds of quiet after a change
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 60000;

class Keeper {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-save-state]");
    this.changes = 0;
    this.kept = 0;
    this.wait = FIRST_WAIT;
    this.busy = false;
    this.leaving = false;
    this.sure = false;
  }

  get unsaved() {
    return this.changes > this.kept;
  }

  say(state) {
    this.line.textContent = this.line.dataset[state];
    this.line.dataset.state = state;
  }

  changed() {
    this.changes += 1;
    this.wait = FIRST_WAIT;
    this.later(PAUSE);
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  async save() {
    if (this.busy || this.leaving || !this.unsaved) return;
    this.busy = true;
    const upTo = this.changes;
    const { page, refused } = await postForm(this.form, "save");
    this.busy = false;
    if (page) this.saved(upTo, page);
    else this.failed(refused);
  }

  async flush() {
    clearTimeout(this.timer);
    while (this.busy) await new Promise((resolve) => setTimeout(resolve, 50));
    await this.save();
  }

  saved(upTo, page) {
    this.kept = upTo;
    refresh(page);
    this.wait = FIRST_WAIT;
    if (this.unsaved) this.later(PAUSE);
    else this.say("saved");
  }

  failed(refused) {
    if (refused) return this.say("changed"); // the button Save shows the reason; asking again would not help
    this.say("unsaved");
    this.later(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}

// What the server counts: questions answered, their index, what is still open.
function refresh(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const found = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (found) part.replaceChildren(...found.childNodes);
  }
}

function maySubmit(form) {
  const open = form.querySelector("[data-live='open']");
  const question = form.querySelector("[data-confirm]");
  return !open?.childElementCount || !question || window.confirm(question.dataset.confirm);
}

export function startAutosave() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const keeper = new Keeper(form);
  form.addEventListener("change", () => keeper.changed());
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.value !== "submit" || keeper.sure) {
      keeper.leaving = true;
      return;
    }
    event.preventDefault(); // first keep what is not kept, so that the server can say what is open
    await keeper.flush();
    if (!maySubmit(form)) return;
    keeper.sure = true;
    form.requestSubmit(button);
  });
  window.addEventListener("online", () => keeper.save());
  window.addEventListener("pageshow", () => { keeper.leaving = keeper.sure = false; });
  window.addEventListener("beforeunload", (event) => {
    if (keeper.unsaved && !keeper.leaving) event.preventDefault();
  });
}
