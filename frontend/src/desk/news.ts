// Asks for the live parts of the page again when something changed, on every connection, and twice a minute.
import { io } from "socket.io-client";
import { followPresence } from "./presence";
import { refresh } from "./refresh";

const GATHER = 150; // ms in which news that comes in a burst counts as one
const AGAIN = 30_000; // ms after which the page asks although nothing was said

type News = { news: { ticket: string }[]; number?: string; whole?: boolean };

export function followNews(): void {
  const live = document.querySelector<HTMLElement>("[data-live]");
  if (!document.getElementById("offline")) return;
  const socket = io("/desk", { transports: ["websocket"], reconnectionDelayMax: 10_000 });
  let waiting = 0;
  const soon = (): void => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => void look(), GATHER);
  };
  const look = async (): Promise<void> => {
    if (live) sign(await refresh(live), socket.connected);
  };

  let heard = ""; // the number of the last news
  const hear = ({ news, number, whole }: News): void => {
    if (number) heard = number;
    const about = live?.dataset.ticket;
    if (whole === false || (news.length && (!about || news.some((each) => each.ticket === about)))) soon();
  };
  socket.on("connect", () => {
    sign("fine", true);
    if (!heard) soon(); // what happened since the page was made
    socket.emit("resume", heard, (missed: News) => hear(heard ? missed : { news: [], number: missed.number }));
  });
  socket.on("disconnect", () => sign("fine", false));
  socket.on("connect_error", (error) => sign(error.message === "signed out" ? "signed-out" : "fine", false));
  socket.on("news", hear);
  followPresence(socket);
  window.setInterval(() => {
    if (socket.connected) socket.emit("still_here");
    soon();
  }, AGAIN);
  document.addEventListener("visibilitychange", () => document.hidden || soon());
}

/** Says when what stands on the page may be old. */
function sign(answer: "fine" | "failed" | "signed-out", connected: boolean): void {
  document.documentElement.dataset.news = connected ? "on" : "off";
  const bar = document.getElementById("offline")!;
  const state = answer === "signed-out" ? "signed-out" : answer === "failed" || !connected ? "offline" : "";
  bar.hidden = state === "";
  for (const part of bar.querySelectorAll<HTMLElement>("[data-offline]")) part.hidden = part.dataset.offline !== state;
}
