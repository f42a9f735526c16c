// Who else has this ticket open, or writes in it; and on the list, who is at which line.
import type { Socket } from "socket.io-client";

const SIGN = 15_000; // ms between two signs of life
const STILL_WRITES = 8_000; // ms after the last letter for which somebody still writes

type Here = { agent: number; name: string; writes: boolean };
type Told = { ticket: string; people: Here[] };

const there = new Map<string, Here[]>();

export function followPresence(socket: Socket): void {
  const line = document.querySelector<HTMLElement>("#presence");
  const inbox = document.querySelector<HTMLElement>("#list");
  socket.on("presence", ({ ticket, people }: Told) => hear(ticket, people));
  if (line) look(socket, line);
  if (inbox) {
    const ask = (): void => void (socket.connected && socket.emit("who", references(), (found: Record<string, Here[]>) => learn(found)));
    socket.on("connect", ask);
    window.setInterval(ask, SIGN * 2);
    new MutationObserver(paint).observe(inbox, { childList: true, subtree: true });
  }
}

function look(socket: Socket, line: HTMLElement): void {
  const ticket = line.dataset.ticket!;
  let wroteAt = -STILL_WRITES;
  let said = false;
  const sign = (): void => {
    said = performance.now() - wroteAt < STILL_WRITES;
    if (socket.connected && !document.hidden) socket.emit("look", ticket, said, (people: Here[]) => hear(ticket, people));
  };
  document.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    wroteAt = performance.now();
    if (!said) sign();
    window.setTimeout(() => said && sign(), STILL_WRITES + 100);
  });
  document.addEventListener("visibilitychange", sign);
  socket.on("connect", sign);
  window.setInterval(sign, SIGN);
}

function hear(ticket: string, people: Here[]): void {
  there.set(ticket, people);
  paint();
}

function learn(found: Record<string, Here[]>): void {
  there.clear();
  for (const [ticket, people] of Object.entries(found)) there.set(ticket, people);
  paint();
}

function references(): string[] {
  return [...document.querySelectorAll<HTMLElement>("[data-presence]")].map((each) => each.dataset.presence!);
}

function paint(): void {
  for (const spot of document.querySelectorAll<HTMLElement>("[data-presence]")) {
    const people = others(spot.dataset.presence!);
    const words = people.map((each) => each.name).join(", ");
    if (spot.title === words) continue;
    spot.title = words;
    spot.replaceChildren(...people.slice(0, 2).map((each) => avatar(each)));
  }
  const line = document.querySelector<HTMLElement>("#presence");
  if (line) say(line, others(line.dataset.ticket!));
}

function others(ticket: string): Here[] {
  const me = Number(document.documentElement.dataset.agent);
  return (there.get(ticket) ?? []).filter((each) => each.agent !== me);
}

function avatar(here: Here): HTMLElement {
  const spot = document.createElement("span");
  spot.className = here.writes ? "here here-writes" : "here";
  spot.textContent = here.name.slice(0, 1);
  const name = document.createElement("span");
  name.className = "unseen";
  name.textContent = here.name.slice(1);
  spot.append(name);
  return spot;
}

function say(line: HTMLElement, people: Here[]): void {
  const named = (those: Here[]): string => those.map((each) => each.name).join(", ");
  const [writing, looking] = [people.filter((each) => each.writes), people.filter((each) => !each.writes)];
  const parts = [
    writing.length ? line.dataset.writes!.replace("{names}", named(writing)) : "",
    looking.length ? line.dataset.looks!.replace("{names}", named(looking)) : "",
  ];
  const words = parts.filter(Boolean).join(" · ");
  if (line.textContent !== words) line.textContent = words;
  line.hidden = !words;
  line.classList.toggle("presence-writes", writing.length > 0);
}
