// Sends a form in the background, as its button would.

// A control named "action" hides the property of that name, so the attribute is read.
const addressOf = (form) => new URL(form.getAttribute("action") ?? "", location.href);

/** Answers {page} with the text of a page of this address, {refused} when the server says no, {} when it cannot be reached. */
export async function postForm(form, action) {
  const body = new URLSearchParams(new FormData(form));
  body.set("action", action);
  const address = addressOf(form);
  try {
    const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
    if (answer.status >= 500 || answer.status === 429) return {};
    const moved = new URL(answer.url).pathname !== address.pathname; // signed out meanwhile
    return answer.ok && !moved ? { page: await answer.text() } : { refused: true };
  } catch {
    return {};
  }
}
