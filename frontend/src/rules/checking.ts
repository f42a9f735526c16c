// Has the draft checked whenever typing pauses, and shows what is wrong beside the text and in it.
import { part, settled } from "./asking";
import type { Editor, Mark } from "./editor";

const PAUSE = 700; // ms without a key
const LONG = 400; // ms after which it is said that the check runs
const SEVERITIES: Record<string, Mark["severity"]> = { mistake: "error", blocks: "error", asks: "warning", tells: "info" };

export function check(form: HTMLFormElement, editor: Editor): () => void {
  return settled(PAUSE, async () => {
    const place = document.getElementById("check");
    if (!place) return;
    const long = window.setTimeout(() => say("running"), LONG);
    const html = await part(form, form.dataset.check!);
    window.clearTimeout(long);
    say(html === null ? "lost" : "");
    if (html === null) return;
    const open = place.querySelector<HTMLDetailsElement>("#findings-fold")?.open;
    place.innerHTML = html;
    const fold = place.querySelector<HTMLDetailsElement>("#findings-fold");
    if (fold && open !== undefined) fold.open = open;
    showMarks(editor);
  });
}

/** Says that the check runs, or that it could not; what was found before stays there meanwhile, and is dimmed. */
function say(state: "running" | "lost" | ""): void {
  document.getElementById("check")?.setAttribute("aria-busy", String(state === "running"));
  for (const each of document.querySelectorAll<HTMLElement>("[data-check-state]")) each.hidden = each.dataset.checkState !== state;
}

/** Marks in the editor what the check on the page names. */
export function showMarks(editor: Editor): void {
  const found = [...document.querySelectorAll<HTMLElement>("#check [data-line]")].filter((each) => each.dataset.line !== "0");
  editor.mark(found.map((each) => ({
    line: Number(each.dataset.line),
    column: Number(each.dataset.column),
    severity: SEVERITIES[each.dataset.kind ?? ""] ?? "info",
    words: `${each.querySelector(".what")?.textContent ?? ""} ${each.querySelector(".mend")?.textContent ?? ""}`,
  })));
}
