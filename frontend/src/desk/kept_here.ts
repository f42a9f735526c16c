// Where drafts stand that the server does not have yet: of a page in its tab; of what outlives its page, as a call does, in
// this browser, for whoever typed it alone, until any page of theirs can tell the server. Signing out empties both.

const LASTS = 24 * 3_600_000; // ms for which something waits to be told: it holds names
const OUTLIVES = "untold";

type Typed = Record<string, string>;
type Place = { shelf: Storage; key: string };
type Untold = { at: string; since: number; typed: Typed };

export function placeOf(form: HTMLFormElement): Place {
  return "outlives" in form.dataset ? inBrowser(form.dataset.draft ?? "") : inTab(form.dataset.draft ?? "");
}

export function keepHere(form: HTMLFormElement): void {
  const { shelf, key } = placeOf(form);
  const typed = typedIn(form);
  shelf.setItem(key, JSON.stringify(shelf === localStorage ? { at: form.dataset.keep, since: Date.now(), typed } : typed));
}

export function keptHere(form: HTMLFormElement): string | null {
  const { shelf, key } = placeOf(form);
  return shelf.getItem(key);
}

export function isHere({ shelf, key }: Place): Typed | null {
  const kept = shelf.getItem(key);
  if (!kept) return null;
  return shelf === localStorage ? (JSON.parse(kept) as Untold).typed : (JSON.parse(kept) as Typed);
}

/** The server has it, or it was sent. */
export function drop(draft: string): void {
  for (const { shelf, key } of [inTab(draft), inBrowser(draft)]) shelf.removeItem(key);
}

/** What pages before this one could not tell; the page's own draft is told by its own form. */
export async function tellWhatIsHere(): Promise<void> {
  const token = document.querySelector<HTMLInputElement>("input[name=csrf_token]")?.value;
  const own = document.querySelector<HTMLElement>("form[data-outlives]")?.dataset.draft;
  const mine = Object.keys(localStorage).filter((key) => key.startsWith(inBrowser("").key) && key !== inBrowser(own ?? "").key);
  let told = 0;
  for (const key of token ? mine : []) {
    const { at, since, typed } = JSON.parse(localStorage.getItem(key)!) as Untold;
    const body = new URLSearchParams({ ...typed, csrf_token: token! });
    const answer = since + LASTS > Date.now() ? await fetch(at, { method: "PUT", body }).catch(() => null) : null;
    if (answer?.ok && !answer.redirected) told += 1;
    if ((answer?.ok && !answer.redirected) || since + LASTS <= Date.now()) localStorage.removeItem(key);
  }
  if (told) await showWaiting();
}

/** The list of calls half written, anew: as unfolded as it was, and with what had the focus in it. */
async function showWaiting(): Promise<void> {
  const list = document.getElementById("half-written");
  const answer = list && (await fetch(list.dataset.address!).catch(() => null));
  if (!list || !answer?.ok) return;
  const [lines, unfolded] = [await answer.text(), list.querySelector("details")?.open ?? false];
  const focused = list.contains(document.activeElement) ? document.activeElement!.id : "";
  list.innerHTML = lines;
  list.querySelector("details")?.toggleAttribute("open", unfolded);
  document.getElementById(focused)?.focus({ preventScroll: true });
}

function typedIn(form: HTMLFormElement): Typed {
  const texts = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  return Object.fromEntries(texts) as Typed;
}

function inTab(draft: string): Place {
  return { shelf: sessionStorage, key: `draft ${location.pathname.split("/").slice(0, 3).join("/")} ${draft}` };
}

function inBrowser(draft: string): Place {
  return { shelf: localStorage, key: `${OUTLIVES} ${document.documentElement.dataset.agent} ${draft}` };
}
