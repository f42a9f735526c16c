// Lines of the list that changed, as the hub tells them: each is put where it belongs, and the rest of the list stays as it is.
import type { Socket } from "socket.io-client";
import { announce } from "./refresh";
import { countTicked } from "./ticking";

const RESTS = 1_500; // ms for which the pointer must rest on the list before lines move under it
const FEW = 25; // lines below which a page is filled up from the next one

type Told = { lines: string; gone: string[] };

/** Tells the hub which list the page shows, and follows what becomes of it; `lookAgain` has the whole list renewed. */
export function followLines(socket: Socket, lookAgain: () => void): void {
  const list = document.getElementById("list");
  if (!list?.dataset.list) return;
  const pointer = followPointer(list, () => settle());
  const waiting = new Map<string, HTMLElement | null>(); // by reference the line that is to move; null where it is to go
  let timer = 0;

  const follow = (): void => void (socket.connected && socket.emit("follow", document.hidden ? "" : list.dataset.list, endOf(list)));
  const hear = ({ lines, gone }: Told): void => {
    const fresh = new DOMParser().parseFromString(lines, "text/html").querySelector<HTMLElement>(".tickets");
    if (fresh && !list.querySelector(".tickets")) list.replaceChildren(document.importNode(fresh, false));
    for (const line of fresh ? linesOf(fresh) : []) waiting.set(line.dataset.ticket!, renewed(list, line));
    for (const reference of gone) waiting.set(reference, null);
    settle();
  };
  const settle = (): void => {
    window.clearTimeout(timer);
    const rest = pointer.rests();
    if (rest > 0) return void (timer = window.setTimeout(settle, rest));
    delete list.dataset.known; // the whole list, once it comes, is compared with what stands there now
    const [coming, going] = [[...waiting].filter(([, line]) => line), [...waiting].filter(([, line]) => !line)];
    waiting.clear();
    const arrived = coming.filter(([, line]) => put(list, line!));
    const went = going.filter(([reference]) => take(list, reference));
    if (arrived.length) announce(arrived.length);
    countTicked();
    const left = linesOf(list).length;
    if (went.length && (!left || (left < FEW && list.querySelector("#pager-next")))) lookAgain();
  };

  socket.on("connect", follow);
  socket.on("lines", hear);
  document.addEventListener("visibilitychange", follow);
  new MutationObserver(follow).observe(list, { childList: true }); // the whole list came anew, perhaps with another end
}

/** How long the pointer still has to rest before lines may move: 0 where it is elsewhere. */
function followPointer(list: HTMLElement, left: () => void): { rests: () => number } {
  let moved = -Infinity;
  list.addEventListener("pointermove", (event) => event.pointerType === "mouse" && (moved = performance.now()));
  list.addEventListener("pointerleave", () => {
    moved = -Infinity;
    left();
  });
  return { rests: () => moved + RESTS - performance.now() };
}

/** Where the page ends, while there is one after it. */
function endOf(list: HTMLElement): string {
  return list.querySelector("#pager-next") ? (linesOf(list).at(-1)?.dataset.place ?? "") : "";
}

function linesOf(part: HTMLElement): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>(".line[data-ticket]")];
}

function lineOf(list: HTMLElement, reference: string): HTMLElement | undefined {
  return linesOf(list).find((line) => line.dataset.ticket === reference);
}

/** A line that is there says at once what is new, where it stands, and keeps its tick; gives the line that stands there now. */
function renewed(list: HTMLElement, line: HTMLElement): HTMLElement {
  const old = lineOf(list, line.dataset.ticket!);
  if (!old) return line;
  if (Number(old.dataset.event) > Number(line.dataset.event) || old.isEqualNode(line)) return old;
  const [was, is] = [old, line].map((each) => each.querySelector<HTMLInputElement>(".line-tick"));
  if (was && is) is.checked = was.checked;
  keepingFocus(old, line, () => old.replaceWith(line));
  return line;
}

/** Puts a line where it belongs; says whether it is new. */
function put(list: HTMLElement, told: HTMLElement): boolean {
  const isNew = !lineOf(list, told.dataset.ticket!);
  const line = renewed(list, told);
  const lines = list.querySelector<HTMLElement>(".tickets")!;
  const others = linesOf(lines).filter((each) => each !== line);
  const next = others.find((each) => isBehind(each, line, "newest" in lines.dataset)) ?? null;
  if (isNew) line.classList.add("line-arrived");
  if (isNew || line.nextElementSibling !== next) keepingFocus(line, line, () => lines.insertBefore(line, next));
  return isNew;
}

function isBehind(each: HTMLElement, line: HTMLElement, newestFirst: boolean): boolean {
  const [theirs, own] = [each.dataset.place ?? "", line.dataset.place ?? ""];
  return theirs !== "" && (newestFirst ? theirs < own : theirs > own);
}

/** Takes a line away, and says whether it was there; whoever was on it by keyboard is on the one after it. */
function take(list: HTMLElement, reference: string): boolean {
  const line = lineOf(list, reference);
  const heir = (line?.nextElementSibling ?? line?.previousElementSibling ?? null) as HTMLElement | null;
  if (line) keepingFocus(line, heir, () => line.remove());
  return line !== undefined;
}

/** Moving a line takes the focus from it: it goes to the same place of the line that takes its stead. */
function keepingFocus(line: HTMLElement, heir: HTMLElement | null, change: () => void): void {
  const focused = document.activeElement;
  const place = !line.contains(focused) ? "" : focused?.matches(".line-tick") ? ".line-tick" : ".line-link";
  change();
  if (place) heir?.querySelector<HTMLElement>(place)?.focus({ preventScroll: true });
}
