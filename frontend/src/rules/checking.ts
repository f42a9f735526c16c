// Has the draft checked whenever typing pauses, and shows what is wrong beside the text and in it.
import { part, settled } from "./asking";
import type { Editor, Mark } from "./editor";

const PAUSE = 700; // ms without a key
const SEVERITIES: Record<string, Mark["severity"]> = { mistake: "error", blocks: "error", asks: "warning", tells: "info" };

export function check(form: HTMLFormElement, editor: Editor): () => void {
  return settled(PAUSE, async () => {
    const html = await part(form, form.dataset.check!);
    const place = document.getElementById("check");
    if (html === null || !place) return;
    const open = place.querySelector<HTMLDetailsElement>("#findings-fold")?.open;
    place.innerHTML = html;
    const fold = place.querySelector<HTMLDetailsElement>("#findings-fold");
    if (fold && open !== undefined) fold.open = open;
    showMarks(editor);
  });
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
