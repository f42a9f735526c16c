// The chat that a town's page embeds with one script tag: a visitor writes, an agent answers.
import { Conversation } from "./chat/conversation";
import { keep, keepWaiting, kept } from "./chat/memory";
import { textsIn } from "./chat/texts";
import { ChatWindow } from "./chat/window";

const script = document.currentScript as HTMLScriptElement;
const hub = new URL(script.src).origin;
const language = (script.dataset.language ?? document.documentElement.lang).slice(0, 2) || "nl";

let begun = false;

const chat = new ChatWindow(textsIn(language), hub, new URL("../chat.css", script.src).href, {
  opened(is) {
    keep({ open: is });
    if (is) begin();
  },
  written(text, name) {
    const message = { id: newId(), text, name };
    keep({ name });
    keepWaiting(message);
    chat.waiting(message.id, text);
    void conversation.send();
  },
  chosen(file) {
    const id = newId();
    chat.waiting(id, file.name);
    void conversation.sendFile(id, file);
  },
});

const conversation = new Conversation(hub, language, chat);

function newId(): string {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

function begin(): void {
  if (begun) return;
  begun = true;
  for (const each of kept().waiting) chat.waiting(each.id, each.text);
  conversation.connect();
}

document.body.append(chat.host);
if (kept().open) chat.open(true, false);
if (kept().session || kept().waiting.length > 0) begin();
