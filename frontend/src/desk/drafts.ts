// What somebody typed is kept in this tab until it is sent: no reload, sign-out or refusal loses it.

export function keepDrafts(): void {
  for (const done of document.querySelectorAll<HTMLElement>("[data-done]")) forget(done.dataset.done ?? "");
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    restore(form);
    if (form.querySelector("textarea")?.defaultValue) remember(form); // what the page brought is not to be lost either
    form.addEventListener("input", () => remember(form));
    form.addEventListener("submit", () => sendOnce(form));
  }
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fields(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>("textarea, select, input:not([type=hidden], [type=file], [type=checkbox])")].filter((field) => field.name);
}

function key(draft: string): string {
  return `draft ${location.pathname.split("/").slice(0, 3).join("/")} ${draft}`;
}

function remember(form: HTMLFormElement): void {
  const typed = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  sessionStorage.setItem(key(form.dataset.draft ?? ""), JSON.stringify(typed));
}

function restore(form: HTMLFormElement): void {
  const kept = sessionStorage.getItem(key(form.dataset.draft ?? ""));
  if (!kept) return;
  const typed = JSON.parse(kept) as Record<string, string>;
  for (const field of fields(form)) {
    if (!field.value && typed[field.name]) field.value = typed[field.name]!;
  }
  if (fields(form).some((field) => field.value)) form.closest("details")?.setAttribute("open", "");
}

function forget(draft: string): void {
  sessionStorage.removeItem(key(draft));
}

/** A second click sends nothing twice; a page that comes back from the history can send again. */
function sendOnce(form: HTMLFormElement): void {
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("button")];
  window.setTimeout(() => buttons.forEach((button) => (button.disabled = true)), 0);
  window.addEventListener("pageshow", () => buttons.forEach((button) => (button.disabled = false)), { once: true });
}
