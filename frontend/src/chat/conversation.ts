// The line to the hub: sends what waits, one after the other, and asks for everything it has not seen yet.
import { io, type Socket } from "socket.io-client";
import { forgetWaiting, keep, kept, type Waiting } from "./memory";

const PATIENCE = 10_000; // milliseconds an answer may take before the message is sent again
const PAUSE = 2_000; // milliseconds before it is
const LOOK = 30_000; // milliseconds after which it asks by itself, as news may get lost

export interface Said {
  number: number;
  id: string;
  mine: boolean;
  author: string;
  text: string;
  files: Sent[];
  at: string;
}

export interface Sent {
  name: string;
  size: number;
  key: string;
}

export interface Listener {
  heard(said: Said): void;
  delivered(id: string, number: number): void;
  refused(id: string, why: string): void;
  connected(is: boolean): void;
}

type Answer = { session?: string; number?: number; error?: string; messages?: Said[]; more?: boolean };

const FOR_GOOD = ["malformed", "empty", "too_long"]; // sending these again would not help

export class Conversation {
  private readonly socket: Socket;
  private last = 0;
  private sending = false;
  private fetching = false;
  private again = false;
  private greeted = false;

  constructor(
    private readonly hub: string,
    private readonly language: string,
    private readonly listener: Listener,
  ) {
    this.socket = io(`${hub}/chat`, { transports: ["websocket"], autoConnect: false });
    this.socket.on("connect", () => void this.greet());
    this.socket.on("disconnect", () => this.lost());
    this.socket.on("connect_error", () => this.lost());
    this.socket.on("news", () => void this.fetch());
    setInterval(() => void this.fetch(), LOOK);
    window.addEventListener("online", () => this.reconnect());
  }

  connect(): void {
    this.socket.connect();
  }

  // The network is back: there is no need to wait until the next try is due.
  private reconnect(): void {
    if (this.socket.active && !this.socket.connected) this.socket.disconnect().connect();
  }

  async send(): Promise<void> {
    if (this.sending || !this.greeted) return;
    this.sending = true;
    for (let next = kept().waiting[0]; next && this.greeted; next = kept().waiting[0]) {
      if (!(await this.deliver(next))) break;
    }
    this.sending = false;
    if (kept().waiting.length > 0 && this.greeted) setTimeout(() => void this.send(), PAUSE);
  }

  // A file goes by itself, and not twice: a page that is left before it arrived has it no more.
  async sendFile(id: string, file: File): Promise<void> {
    const form = new FormData();
    for (const [name, value] of Object.entries({ session: kept().session, id, name: kept().name, language: this.language })) form.append(name, value);
    form.append("file", file);
    try {
      const response = await fetch(`${this.hub}/chat/files`, { method: "POST", body: form, credentials: "omit" });
      const answer = (await response.json()) as Answer;
      if (response.ok) this.listener.delivered(id, answer.number ?? 0);
      else this.listener.refused(id, answer.error ?? "");
      if (response.ok) await this.fetch();
    } catch {
      this.listener.refused(id, "");
    }
  }

  private async greet(): Promise<void> {
    const answer = await this.ask("hello", { session: kept().session, language: this.language });
    if (!answer?.session) {
      this.lost();
      if (this.socket.connected) setTimeout(() => void this.greet(), PAUSE);
      return;
    }
    keep({ session: answer.session });
    this.greeted = true;
    this.listener.connected(true);
    await this.fetch();
    await this.send();
  }

  private lost(): void {
    this.greeted = false;
    this.listener.connected(false);
  }

  private async deliver(message: Waiting): Promise<boolean> {
    const answer = await this.ask("say", message);
    if (answer?.error && FOR_GOOD.includes(answer.error)) {
      forgetWaiting(message.id);
      this.listener.refused(message.id, answer.error);
      return true;
    }
    if (!answer || answer.error) return false;
    forgetWaiting(message.id);
    this.listener.delivered(message.id, answer.number ?? 0);
    return true;
  }

  private async fetch(): Promise<void> {
    this.again = true;
    if (this.fetching || !this.greeted) return;
    this.fetching = true;
    while (this.again) {
      this.again = false;
      const answer = await this.ask("since", { after: this.last });
      for (const said of answer?.messages ?? []) {
        this.last = Math.max(this.last, said.number);
        this.listener.heard(said);
      }
      if (answer?.more) this.again = true;
      if (answer?.error) setTimeout(() => void this.fetch(), PAUSE);
    }
    this.fetching = false;
  }

  private async ask(event: string, what: object): Promise<Answer | null> {
    try {
      return (await this.socket.timeout(PATIENCE).emitWithAck(event, what)) as Answer;
    } catch {
      return null; // no answer: the message waits, and is sent again
    }
  }
}
