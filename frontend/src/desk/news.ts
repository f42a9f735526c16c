// Keeps the live parts of the page up to date: a list is told its lines, all else is asked for again when something changed; and
// all of it once a minute, and where news was lost.
import { io } from "socket.io-client";
import { goOnSignedIn } from "./again";
import { followLines } from "./lines";
import { followPresence } from "./presence";
import { refresh } from "./refresh";

const GATHER = 150; // ms in which news that comes in a burst counts as one
const STILL_HERE = 30_000; // ms between two questions whether this page may still hear what it hears
const KNOCK = 3_000; // ms between two tries to be let in again after the page was signed out
const AGAIN = 60_000; // ms after which the page asks although nothing was said
const EACH = 80; // ms of the hub's time that a list takes, or longer: as many as are open share it, so that no crowd of them stalls it
const COUNTS = 40; // the same, where its lines are told by the hub and the numbers beside it are asked for alone
const LONGEST = 30_000; // ms between two looks, however busy the hub is

const OF_MINE = new Set(["asks_you", "rights", "signed_out"]); // what I hear of may be more from now on, or nothing

type News = { news: { ticket: string; kind: string }[]; number?: string; whole?: boolean; desks?: number };

export function followNews(): void {
  const live = document.querySelector<HTMLElement>("[data-live]");
  if (!document.getElementById("offline")) return;
  const socket = io("/desk", { transports: ["websocket"], reconnectionDelayMax: 10_000 });
  const counts = document.querySelector("#list[data-list]") ? live?.dataset.counts : undefined;
  let waiting = 0;
  let whole = false; // the list too, and not only what is counted
  let lookedAt = -Infinity;
  let desks = 1; // open at the hub
  let took = 0; // ms until it answered the last look: a busy hub is asked less often
  const soon = (all = true): void => {
    whole ||= all || !counts || document.hidden; // a list that nobody looks at is not told its lines
    if (waiting || document.hidden) return;
    const share = live?.dataset.ticket ? 0 : Math.min(LONGEST, desks * Math.max(whole ? EACH : COUNTS, took));
    const rest = Math.max(0, lookedAt + share - performance.now());
    waiting = window.setTimeout(() => void look(), GATHER + rest + share * Math.random());
  };
  const look = async (): Promise<void> => {
    window.clearTimeout(waiting);
    const address = whole ? undefined : counts;
    [waiting, whole] = [0, false];
    const began = performance.now();
    if (live) sign(await refresh(live, address), socket.connected);
    lookedAt = performance.now();
    took = lookedAt - began;
  };

  if (live?.querySelector("[data-uncounted]")) void refresh(live, live.dataset.counts);
  followLines(socket, soon); // before the page resumes: what it missed is told by lines too
  let heard = `${document.documentElement.dataset.made ?? 0}-0`; // the number of the last news; the page's own moment is one
  const hear = (told: News): void => {
    if (told.number) heard = told.number;
    desks = told.desks ?? desks;
    const about = live?.dataset.ticket;
    const ofMine = told.news.some((each) => OF_MINE.has(each.kind));
    if (ofMine) stillHere();
    if (told.whole === false || (told.news.length && (!about || told.news.some((each) => each.ticket === about)))) {
      soon(told.whole === false || ofMine);
    }
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
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && whole) void look(); // whoever comes back looks at once
  });
}

/** Says when what stands on the page may be old. */
function sign(answer: "fine" | "failed" | "signed-out", connected: boolean): void {
  document.documentElement.dataset.news = connected ? "on" : "off";
  const bar = document.getElementById("offline")!;
  const state = answer === "signed-out" ? "signed-out" : answer === "failed" || !connected ? "offline" : "";
  bar.hidden = state === "";
  for (const part of bar.querySelectorAll<HTMLElement>("[data-offline]")) part.hidden = part.dataset.offline !== state;
}
