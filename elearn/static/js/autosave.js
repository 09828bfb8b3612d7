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
    if (page) this.saved(upTo);
    else this.failed(refused);
  }

  saved(upTo) {
    this.kept = upTo;
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

export function startAutosave() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const keeper = new Keeper(form);
  form.addEventListener("change", () => keeper.changed());
  form.addEventListener("submit", () => { keeper.leaving = true; });
  window.addEventListener("online", () => keeper.save());
  window.addEventListener("pageshow", () => { keeper.leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (keeper.unsaved && !keeper.leaving) event.preventDefault();
  });
}
