// Light, dark, or as the device says. The choice lives in the cookie `theme`, which the server reads too.

const YEAR = 60 * 60 * 24 * 365;

const keptTheme = () => document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1] ?? "";

function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const button of document.querySelectorAll("[data-theme-choice] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

export function startTheme() {
  // A page from a shared cache was made for nobody in particular, so the choice is applied here again.
  applyTheme(keptTheme());
  for (const choice of document.querySelectorAll("[data-theme-choice]")) {
    choice.hidden = false;
    choice.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      const age = button.value ? YEAR : 0;
      document.cookie = `theme=${button.value}; path=/; max-age=${age}; samesite=lax`;
      applyTheme(button.value);
    });
  }
}
