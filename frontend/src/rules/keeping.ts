// Keeps the draft on the hub as one types; says so, and does not let the page go while something is not kept yet.
import { settled, token } from "./asking";

const PAUSE = 800; // ms without a key after which the draft is kept
const AGAIN = 3000; // ms after which it is tried again when the hub did not answer

type Kept = { id: number; version: number };

export function keep(form: HTMLFormElement): () => void {
  const status = document.getElementById("kept");
  const version = form.querySelector<HTMLInputElement>("[name=version]")!;
  const say = (state: "kept" | "typing" | "lost" | "apart"): void => {
    if (!status || (status.dataset.state === state && state === "typing")) return;
    status.dataset.state = state;
    status.textContent = status.dataset[state] ?? "";
  };
  let kept = written(form);
  let leaving = false;

  const keepNow = settled(PAUSE, async () => {
    const now = written(form);
    if (now === kept || leaving) return;
    const answer = await send(form, version.value);
    if (answer === null) {
      say("lost");
      window.setTimeout(keepNow, AGAIN);
      return;
    }
    const apart = !form.dataset.keep!.endsWith(`/${answer.id}`);
    kept = now;
    version.value = String(answer.version);
    if (apart) moveTo(form, answer.id);
    say(apart ? "apart" : written(form) === kept ? "kept" : "typing");
  });
  const typed = (): void => {
    if (written(form) !== kept) say("typing");
    keepNow();
  };

  document.getElementById("reason")?.addEventListener("input", typed);
  form.addEventListener("submit", () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && written(form) !== kept) event.preventDefault();
  });
  return typed;
}

function written(form: HTMLFormElement): string {
  const data = new FormData(form);
  return JSON.stringify([data.get("text"), data.get("reason")]);
}

async function send(form: HTMLFormElement, version: string): Promise<Kept | null> {
  const data = new FormData(form);
  const text = String(data.get("text")).replaceAll("\r\n", "\n");
  const body = JSON.stringify({ text, reason: String(data.get("reason")), version: Number(version) });
  try {
    const headers = { ...token(form), "Content-Type": "application/json" };
    const answer = await fetch(form.dataset.keep!, { method: "PUT", headers, body });
    return answer.ok ? ((await answer.json()) as Kept) : null;
  } catch {
    return null;
  }
}

/** A colleague was faster in this draft: what is typed here goes on as a draft of its own. */
function moveTo(form: HTMLFormElement, id: number): void {
  form.dataset.keep = form.dataset.keep!.replace(/\d+$/, String(id));
  form.action = `${form.dataset.page}${id}`;
  window.history.replaceState(null, "", form.action);
}
