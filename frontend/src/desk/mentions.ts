// After an @ in a note: the colleagues and teams that can be called in.
import { begins, complete } from "./completing";

const TYPED = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}][^\n@]{0,40})?$/u;

export function offerNames(): void {
  const field = document.querySelector<HTMLTextAreaElement>("#note-text");
  const known = document.getElementById("may-be-named");
  if (!field || !known) return;
  const names = JSON.parse(known.textContent ?? "[]") as string[];
  complete(field, known.dataset.words ?? "", (typed) => {
    const found = TYPED.exec(typed);
    if (!found) return null;
    const part = found[1] ?? "";
    const fitting = names.filter((name) => begins(name, part));
    return { from: typed.length - part.length, choices: fitting.map((name) => ({ text: `${name} ` })) };
  });
}
