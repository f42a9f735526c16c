// The keyboard on the desk: j and k walk the list, and each verb has the letter that its button says.
import { tickFocused } from "./ticking";
import { perform, reach, verbWith } from "./verbs";

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenus();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (document.querySelector("dialog[open]")) return;
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if ((MOVES[event.key] ?? (() => act(event.shiftKey && /^[A-Z]$/.test(event.key) ? `Shift+${event.key}` : event.key)))()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!menu.contains(event.target as Node)) menu.open = false;
  }
});

/** Whether the letter goes into a field; the editor of the rules has its own within its shadow root. */
function typing(event: KeyboardEvent): boolean {
  const [pressedIn] = event.composedPath();
  return pressedIn instanceof HTMLElement && pressedIn.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}

/** Presses the button that sends what is being written, the main one where there are several. */
function send(event: KeyboardEvent): void {
  const field = event.target instanceof HTMLElement && event.target.matches("textarea, input, select") ? event.target : null;
  const form = field?.closest<HTMLFormElement>("form[data-draft]");
  const button = form?.querySelector<HTMLButtonElement>("button.button-main") ?? form?.querySelector<HTMLButtonElement>("button:not([formaction], [name])");
  if (!form || !button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

const MOVES: Record<string, () => boolean> = {
  j: () => walk(1),
  k: () => walk(-1),
  J: () => tickFocused(true) && walk(1) && tickFocused(true),
  K: () => tickFocused(true) && walk(-1) && tickFocused(true),
  s: () => tickFocused(),
  v: () => visit(),
  o: () => toTheTicked(),
  "?": () => show("keys-help"),
};

function act(letter: string): boolean {
  const verb = verbWith(letter);
  if (verb) perform(verb);
  return verb !== undefined;
}

function show(id: string): boolean {
  const dialog = document.querySelector<HTMLDialogElement>(`#${id}`);
  dialog?.showModal();
  return dialog !== null;
}

function walk(step: number): boolean {
  const lines = [...document.querySelectorAll<HTMLElement>(".line-link")];
  const at = lines.findIndex((line) => line.closest(".line, li")?.contains(document.activeElement));
  const next = at < 0 ? lines[step > 0 ? 0 : lines.length - 1] : lines[at + step];
  next?.focus();
  return lines.length > 0;
}

/** The log of calls, at the counter. */
function visit(): boolean {
  const log = document.querySelector<HTMLAnchorElement>("#to-phone-blank");
  if (log) location.assign(`${log.href}?channel=counter`);
  return log !== null;
}

function toTheTicked(): boolean {
  const first = document.querySelector<HTMLElement>(".list:has(.line-tick:checked) .bulk-choices :is(input, summary)");
  if (first) reach(first);
  return first !== null;
}

/** Closes menus; where none is open, takes the ticks of the list away. */
function closeMenus(): void {
  const open = document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  for (const menu of open) {
    menu.open = false;
    menu.querySelector("summary")?.focus({ preventScroll: true });
  }
  if (open.length || document.querySelector("dialog[open]")) return;
  for (const tick of document.querySelectorAll<HTMLInputElement>(".line-tick:checked")) tick.click();
}
