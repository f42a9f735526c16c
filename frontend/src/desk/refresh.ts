// Brings the live parts of a page up to date without disturbing whoever reads or types there.
import htmx from "htmx.org";
import { keepDraft } from "./drafts";
import { renewVerbs } from "./verbs_now";

export type Outcome = "fine" | "failed" | "signed-out";

const TOKEN = /(name="csrf_token" value=")[^"]*/g;
let busy = false;
let again: string | undefined; // the address to ask next
let leaving = false; // a form is on its way, and the page that answers it comes in place of this one

document.addEventListener("submit", (event) => (leaving ||= !event.defaultPrevented));
window.addEventListener("pageshow", () => (leaving = false));

/** Fetches the page once more, or a part of it by its own address, and swaps those of its live parts that changed. */
export async function refresh(live: HTMLElement, part?: string): Promise<Outcome> {
  const unfolded = document.querySelector<HTMLElement>("#conversation-fold[open]"); // what was folded away comes along
  const page = unfolded?.dataset.all ?? live.dataset.address ?? location.href;
  const address = part ?? page;
  if (busy) {
    again = again === page ? page : address;
    return "fine";
  }
  busy = true;
  try {
    return await fetchAndSwap(live, address);
  } catch {
    return "failed";
  } finally {
    busy = false;
    const next = again;
    again = undefined;
    if (next) void refresh(live, next);
  }
}

async function fetchAndSwap(live: HTMLElement, address: string): Promise<Outcome> {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, cache: "no-store" });
  if (answer.status === 401) return "signed-out";
  if (answer.status === 404 || answer.status === 403) {
    if (!leaving) location.reload();
    return "fine";
  }
  if (!answer.ok) return "failed";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of (live.dataset.live ?? "").split(", ")) {
    const [old, now] = [document.querySelector<HTMLElement>(id), fresh.querySelector<HTMLElement>(id)];
    if (old && now && differs(old, now) && !isBeingSelected(old)) swap(old, now);
  }
  renewVerbs(fresh);
  return "fine";
}

function differs(old: HTMLElement, now: HTMLElement): boolean {
  const known = old.dataset.known ?? plain(old.innerHTML);
  old.dataset.known = plain(now.innerHTML);
  return known !== old.dataset.known;
}

function plain(html: string): string {
  return html.replace(TOKEN, "$1").replaceAll(' class="line line-arrived', ' class="line').replaceAll(' open=""', "");
}

/** Somebody who marks text to copy it keeps it; the next look brings what is new. */
function isBeingSelected(part: HTMLElement): boolean {
  const selection = document.getSelection();
  const marks = selection !== null && !selection.isCollapsed && selection.anchorNode !== null && part.contains(selection.anchorNode);
  if (marks) delete part.dataset.known;
  return marks;
}

function swap(old: HTMLElement, now: HTMLElement): void {
  const unfolded = [...old.querySelectorAll<HTMLDetailsElement>("details[open][id]")].map((each) => each.id);
  const known = new Set([...old.querySelectorAll<HTMLElement>("[data-ticket]")].map((each) => each.dataset.ticket));
  const focused = document.activeElement instanceof HTMLElement && old.contains(document.activeElement) ? document.activeElement.id : "";
  const ticked = new Set([...old.querySelectorAll<HTMLInputElement>(".line-tick:checked")].map((each) => each.value));
  const scrolled = old.parentElement?.scrollTop ?? 0;
  htmx.swap(old, now.innerHTML, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
  for (const form of old.querySelectorAll<HTMLFormElement>("form[data-draft]")) keepDraft(form);
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  for (const tick of old.querySelectorAll<HTMLInputElement>(".line-tick")) tick.checked = ticked.has(tick.value);
  const arrived = [...old.querySelectorAll<HTMLElement>("li[data-ticket]")].filter((line) => !known.has(line.dataset.ticket));
  for (const line of arrived) line.classList.add("line-arrived");
  if (arrived.length) announce(arrived.length);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (old.parentElement) old.parentElement.scrollTop = scrolled;
}

/** Tells those who hear the page how many lines are new. */
export function announce(count: number): void {
  const status = document.getElementById("arrived");
  if (status) status.textContent = `${status.dataset.words ?? ""} ${count}`;
}
