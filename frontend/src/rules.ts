// The page on which a draft of the rules is written: an editor in place of the plain field, kept and checked as one types.
import { editorIn } from "./rules/editor";
import { keep } from "./rules/keeping";
import { check, showMarks } from "./rules/checking";
import { replay } from "./rules/replaying";
import { tryMessage } from "./rules/trying";

const form = document.getElementById("draft") as HTMLFormElement | null;
const field = document.getElementById("text") as HTMLTextAreaElement | null;
const host = document.getElementById("editor");

if (form && field && host) {
  const listeners: (() => void)[] = [];
  const editor = editorIn(host, field, () => listeners.forEach((listen) => listen()));
  const checking = check(form, editor);
  listeners.push(keep(form), checking, replay(form), tryMessage(form));
  showMarks(editor);
  if (host.dataset.line) editor.goTo(Number(host.dataset.line));
  if (document.querySelector("#check[data-due]")) checking();
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  form.addEventListener("submit", () => setTimeout(() => once(form))); // when what the pressed button says is on its way
  document.addEventListener("click", (event) => {
    const link = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>("[data-to-line]") : null;
    if (!link) return;
    event.preventDefault();
    editor.goTo(Number(link.dataset.toLine));
  });
}

/** What takes some seconds is asked for once. */
function once(form: HTMLFormElement): void {
  form.setAttribute("aria-busy", "true");
  for (const button of form.querySelectorAll("button")) button.disabled = true;
}
