// The buttons, forms and links of the page that stand for a verb: what they are called, their key, and how one comes to them.

const FIELD = "textarea, select, input:not([type=hidden])";

/** What the letter does on this page; a field before a link that leads to one. */
export function verbWith(letter: string): HTMLElement | undefined {
  const found = verbs().filter((verb) => verb.getAttribute("aria-keyshortcuts") === letter);
  return found.find((verb) => verb.matches(FIELD)) ?? found[0];
}

/** All of them, in the order of the page. */
export function verbs(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-verb]")];
}

/** Presses a button, follows a link, or opens a folded form at its first field. */
export function perform(verb: HTMLElement): void {
  if (verb.matches(FIELD)) return reach(verb);
  const form = verb.matches("summary") ? verb.closest("details") : null;
  if (!form) return verb.click();
  const first = form.querySelector<HTMLElement>(`#${verb.dataset.first}`) ?? form.querySelector<HTMLElement>(FIELD);
  if (first) reach(first);
}

/** Puts the focus there, with all that it is folded into opened. */
export function reach(field: HTMLElement): void {
  for (let around = field.closest("details"); around; around = around.parentElement?.closest("details") ?? null) around.open = true;
  focusStill(field);
}

/** Puts the focus there; the page moves only where the field would not be seen. */
export function focusStill(field: HTMLElement): void {
  field.focus({ preventScroll: true });
  const { left, top, width, height } = field.getBoundingClientRect();
  if (!field.contains(document.elementFromPoint(left + width / 2, top + height / 2))) field.scrollIntoView({ block: "nearest" });
}
