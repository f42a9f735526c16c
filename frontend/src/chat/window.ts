// The chat as people see it: a button, a window with the conversation as a log, and a field to write in.
import type { Said, Sent } from "./conversation";
import { kept } from "./memory";
import type { Texts } from "./texts";

const MOST_TEXT = 4_000; // characters the hub takes in one message
const LARGEST_FILE = 10 << 20; // bytes

export class ChatWindow {
  readonly host = document.createElement("div");
  private readonly shown = new Map<string, HTMLElement>();
  private readonly toggle: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private readonly log: HTMLElement;
  private readonly status: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private readonly file: HTMLInputElement;
  private readonly attach: HTMLButtonElement;
  private readonly name: HTMLInputElement;
  private readonly asked = document.createElement("div"); // the name is asked once, before the first message

  constructor(
    private readonly texts: Texts,
    private readonly hub: string,
    stylesheet: string,
    private readonly when: { opened(is: boolean): void; written(text: string, name: string): void; chosen(file: File): void },
  ) {
    this.host.dataset.theme = document.documentElement.dataset.theme ?? "auto";
    const root = this.host.attachShadow({ mode: "open" });
    const style = element("link", { rel: "stylesheet", href: stylesheet });
    this.toggle = element("button", { type: "button", class: "open", "aria-expanded": "false", "aria-controls": "panel" }, texts.open);
    this.log = element("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": texts.log, tabindex: "0" });
    this.status = element("p", { class: "status", role: "status" });
    this.field = element("textarea", { id: "message", rows: "2", maxlength: String(MOST_TEXT) });
    this.file = element("input", { id: "file", type: "file", hidden: "" }); // whose own words are the browser's
    this.attach = element("button", { type: "button", class: "attach", disabled: "" }, texts.file);
    this.name = element("input", { id: "name", type: "text", maxlength: "80", autocomplete: "given-name" });
    this.name.value = kept().name;
    const close = element("button", { type: "button", class: "close" }, texts.close);
    const heading = element("h2", { id: "title" }, texts.title);
    const form = this.form();
    const aside = element("p", { class: "aside" });
    aside.append(element("a", { href: `${hub}/forms/question` }, texts.form));
    this.panel = element("section", { id: "panel", class: "panel", "aria-labelledby": "title", hidden: "" });
    const head = element("header", {});
    head.append(heading, close);
    this.panel.append(head, element("p", { class: "welcome" }, texts.welcome), this.log, this.status, form, aside);
    root.append(style, this.panel, this.toggle);
    this.toggle.addEventListener("click", () => this.open(Boolean(this.panel.hidden)));
    close.addEventListener("click", () => this.open(false));
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
  }

  open(is: boolean, focus = true): void {
    this.panel.hidden = !is;
    this.toggle.hidden = is;
    this.toggle.setAttribute("aria-expanded", String(is));
    this.when.opened(is);
    if (focus) (is ? this.field : this.toggle).focus();
    this.log.scrollTop = this.log.scrollHeight;
  }

  waiting(id: string, text: string): void {
    if (!this.shown.has(id)) this.add(id, this.turn(this.texts.you, text, "mine", this.texts.sending));
  }

  delivered(id: string, number: number): void {
    this.mark(id, this.texts.sent);
    this.shown.get(id)?.setAttribute("data-number", String(number));
  }

  refused(id: string, why: string): void {
    this.mark(id, why === "too_long" ? this.texts.too_long : this.texts.refused);
    this.shown.get(id)?.classList.add("refused");
  }

  heard(said: Said): void {
    const id = said.id || `number-${said.number}`;
    if (!this.shown.has(id)) {
      const author = said.mine ? this.texts.you : said.author || this.texts.town;
      this.add(id, this.turn(author, said.text, said.mine ? "mine" : "theirs", ""));
    }
    if (said.files.length > 0) this.showFiles(id, said.files);
    if (said.mine) this.delivered(id, said.number);
    else this.shown.get(id)?.setAttribute("data-number", String(said.number));
    this.settle();
  }

  connected(is: boolean): void {
    this.status.textContent = is ? "" : this.texts.offline;
    this.attach.disabled = !is;
  }

  private form(): HTMLFormElement {
    const form = element("form", {});
    const send = element("button", { type: "submit", class: "send" }, this.texts.send);
    this.asked.append(element("label", { for: "name" }, this.texts.name), this.name);
    form.append(this.asked);
    form.append(element("label", { for: "message" }, this.texts.message), this.field, send);
    form.append(this.attach, this.file);
    this.attach.addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => this.choose());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.write();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.write();
    });
    return form;
  }

  private write(): void {
    const text = this.field.value.trim();
    if (!text) return this.field.focus();
    this.field.value = "";
    this.when.written(text, this.name.value.trim());
    this.field.focus();
  }

  private choose(): void {
    const chosen = this.file.files?.[0];
    this.file.value = "";
    if (!chosen) return;
    if (chosen.size > LARGEST_FILE) this.status.textContent = this.texts.too_large;
    else {
      this.status.textContent = "";
      this.when.chosen(chosen);
    }
  }

  private showFiles(id: string, files: Sent[]): void {
    const turn = this.shown.get(id);
    const text = turn?.querySelector(".text");
    if (!turn || !text || turn.querySelector(".file")) return;
    if (files.some((each) => each.name === text.textContent)) text.textContent = "";
    const lines = files.map((each) => {
      const line = element("p", { class: "file" });
      line.append(element("a", { href: `${this.hub}/chat/files/${each.key}`, download: each.name }, each.name));
      return line;
    });
    text.after(...lines);
    this.log.scrollTop = this.log.scrollHeight;
  }

  private add(id: string, turn: HTMLElement): void {
    this.shown.set(id, turn);
    this.asked.hidden = true;
    this.log.append(turn);
    this.log.scrollTop = this.log.scrollHeight;
  }

  // What the hub has stands in its order; what still waits stands below it.
  private settle(): void {
    const turns = [...this.log.children] as HTMLElement[];
    const place = (turn: HTMLElement): number => Number(turn.dataset.number ?? Infinity);
    const wanted = [...turns].sort((a, b) => place(a) === place(b) ? 0 : place(a) - place(b));
    if (wanted.some((turn, index) => turn !== turns[index])) this.log.replaceChildren(...wanted);
  }

  private turn(author: string, text: string, whose: string, state: string): HTMLElement {
    const turn = element("div", { class: `turn ${whose}` });
    turn.append(element("p", { class: "author" }, author), element("p", { class: "text" }, text));
    turn.append(element("p", { class: "state", "aria-live": "off" }, state));
    return turn;
  }

  private mark(id: string, state: string): void {
    const place = this.shown.get(id)?.querySelector(".state");
    if (place) place.textContent = state;
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
  text = "",
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}
