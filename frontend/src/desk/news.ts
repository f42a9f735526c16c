// Asks for the live parts of the page again when something changed, on every connection, and once a minute.
import { io } from "socket.io-client";
import { goOnSignedIn } from "./again";
import { followPresence } from "./presence";
import { refresh } from "./refresh";

const GATHER = 150; // ms in which news that comes in a burst counts as one
const STILL_HERE = 30_000; // ms between two questions whether this page may still hear what it hears
const KNOCK = 3_000; // ms between two tries to be let in again after the page was signed out
const AGAIN = 60_000; // ms after which the page asks although nothing was said
const EACH = 80; // ms of the hub's time that a list takes: as many as are open share it, so that no crowd of them stalls it

const OF_MINE = new Set(["asks_you", "rights", "signed_out"]); // what I hear of may be more from now on, or nothing

type News = { news: { ticket: string; kind: string }[]; number?: string; whole?: boolean; desks?: number };

export function followNews(): void {
  const live = document.querySelector<HTMLElement>("[data-live]");
  if (!document.getElementById("offline")) return;
  const socket = io("/desk", { transports: ["websocket"], reconnectionDelayMax: 10_000 });
  let waiting = 0;
  let lookedAt = -Infinity;
  let desks = 1; // open at the hub
  const soon = (): void => {
    if (waiting || document.hidden) return; // a page that nobody looks at asks when it is looked at
    const share = live?.dataset.ticket ? 0 : desks * EACH;
    const rest = Math.max(0, lookedAt + share - performance.now());
    waiting = window.setTimeout(() => void look(), GATHER + rest + share * Math.random());
  };
  const look = async (): Promise<void> => {
    waiting = 0;
    if (live) sign(await refresh(live), socket.connected);
    lookedAt = performance.now();
  };

  let heard = `${document.documentElement.dataset.made ?? 0}-0`; // the number of the last news; the page's own moment is one
  const hear = ({ news, number, whole, desks: open }: News): void => {
    if (number) heard = number;
    desks = open ?? desks;
    const about = live?.dataset.ticket;
    if (news.some((each) => OF_MINE.has(each.kind))) stillHere();
    if (whole === false || (news.length && (!about || news.some((each) => each.ticket === about)))) soon();
  };
  const stillHere = (): void => void (socket.connected && socket.emit("still_here", (open: number) => (desks = open)));
  let wasSignedOut = false;
  const knock = (wait: number): void => void window.setTimeout(() => socket.connect(), wait);
  socket.on("connect", () => {
    sign("fine", true);
    if (wasSignedOut) void goOnSignedIn();
    wasSignedOut = false;
    socket.emit("resume", heard, hear);
  });
  socket.on("disconnect", (why) => {
    if (why === "io server disconnect") knock(0); // nobody tries again by itself after that; the answer says why
    else sign("fine", false);
  });
  socket.on("connect_error", (error) => {
    wasSignedOut ||= error.message === "signed out";
    sign(error.message === "signed out" ? "signed-out" : "fine", false);
    if (!socket.active) knock(KNOCK);
  });
  socket.on("news", hear);
  followPresence(socket);
  window.setInterval(stillHere, STILL_HERE);
  window.setInterval(soon, AGAIN * (1 + Math.random() / 4));
  document.addEventListener("visibilitychange", soon);
}

/** Says when what stands on the page may be old. */
function sign(answer: "fine" | "failed" | "signed-out", connected: boolean): void {
  document.documentElement.dataset.news = connected ? "on" : "off";
  const bar = document.getElementById("offline")!;
  const state = answer === "signed-out" ? "signed-out" : answer === "failed" || !connected ? "offline" : "";
  bar.hidden = state === "";
  for (const part of bar.querySelectorAll<HTMLElement>("[data-offline]")) part.hidden = part.dataset.offline !== state;
}
