// The keyboard on the desk: j and k walk the list, x takes the next ticket, l logs a call and v a visit; on a ticket each verb has its letter.
import { tickFocused } from "./ticking";

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenus();
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (document.querySelector("dialog[open]")) return;
  const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act?.()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!menu.contains(event.target as Node)) menu.open = false;
  }
});

const KEYS: Record<string, () => boolean> = {
  j: () => walk(1),
  k: () => walk(-1),
  c: () => press("do-claim"),
  u: () => press("do-release"),
  r: () => unfold("answers", "answer-text"),
  t: () => unfold("answers", "answer-template"),
  n: () => unfold("notes"),
  q: () => unfold("consultations"),
  h: () => unfold("hand-overs"),
  b: () => unfold("returns"),
  a: () => unfold("assignment"),
  w: () => unfold("waits"),
  z: () => unfold("snoozes"),
  g: () => press("do-resumption"),
  m: () => unfold("marks"),
  e: () => unfold("resolution") || unfold("reopening"),
  p: () => unfold("splits"),
  y: () => unfold("together"),
  i: () => press("to-queue"),
  x: () => press("do-next"),
  s: () => tickFocused(),
  l: () => press("to-phone-blank"),
  v: () => visit(),
  "?": () => show("keys-help"),
  "/": () => focus("find") || press("to-search-page"),
};

function show(id: string): boolean {
  const dialog = document.querySelector<HTMLDialogElement>(`#${id}`);
  dialog?.showModal();
  return dialog !== null;
}

function walk(step: number): boolean {
  const lines = [...document.querySelectorAll<HTMLElement>(".line-link")];
  const at = lines.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? lines[step > 0 ? 0 : lines.length - 1] : lines[at + step];
  next?.focus();
  return lines.length > 0;
}

function press(id: string): boolean {
  const button = document.getElementById(id);
  button?.click();
  return button !== null;
}

/** The log of calls, at the counter. */
function visit(): boolean {
  const log = document.querySelector<HTMLAnchorElement>("#to-phone-blank");
  if (log) location.assign(`${log.href}?channel=counter`);
  return log !== null;
}

/** Opens what a verb asks, at its first field or the one named. */
function unfold(verb: string, field = ""): boolean {
  const part = document.getElementById(`work-${verb}`);
  if (!part) return false;
  part.setAttribute("open", "");
  const first = field ? document.getElementById(field) : part.querySelector<HTMLElement>("textarea, select, input:not([type=hidden])");
  first?.focus();
  return true;
}

function focus(id: string): boolean {
  const field = document.getElementById(id);
  field?.focus();
  return field !== null;
}

function closeMenus(): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
}
