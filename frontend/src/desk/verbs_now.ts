// What can be done on a ticket follows what others do there, around whatever somebody has begun to type.
import { offerFiles } from "../files/choosing";
import { keepDraft } from "./drafts";

const WORK = "#ticket-work";

/** Takes from the page as it is now which verbs there are, and what their forms know; a form with words in it stays. */
export function renewVerbs(fresh: Document): void {
  const [work, now] = [document.querySelector<HTMLElement>(WORK), fresh.querySelector<HTMLElement>(WORK)];
  if (!work || !now) return;
  for (const old of verbsOf(work)) {
    const same = now.querySelector<HTMLElement>(`#${old.id}`);
    if (same) learn(old, same);
    else if (!isBegun(old)) old.remove();
  }
  let before: HTMLElement | null = null;
  for (const each of verbsOf(now)) {
    const known: HTMLElement | null = work.querySelector<HTMLElement>(`#${each.id}`);
    if (!known) add(work, each, before);
    before = known ?? each;
  }
}

function verbsOf(work: HTMLElement): HTMLElement[] {
  return [...work.querySelectorAll<HTMLElement>("details.work[id]")];
}

/** The event that the page shows last: who sends the form has seen it. */
function learn(old: HTMLElement, now: HTMLElement): void {
  const [knows, known] = [old, now].map((each) => each.querySelector<HTMLInputElement>("input[name=known]"));
  if (knows && known) knows.value = known.value;
}

function add(work: HTMLElement, verb: HTMLElement, before: HTMLElement | null): void {
  if (before) before.after(verb);
  else work.prepend(verb);
  for (const form of verb.querySelectorAll<HTMLFormElement>("form[data-draft]")) keepDraft(form);
  offerFiles(verb);
}

function isBegun(verb: HTMLElement): boolean {
  if (verb.contains(document.activeElement)) return true;
  const typed = verb.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input[type=text]");
  return [...typed].some((field) => field.value !== field.defaultValue);
}
