// In the search: its operators and what they can be answered with, while typing.
import { begins, complete, type Choice } from "./completing";

type Known = { operators: Record<string, string>; values: Record<string, [string, string][]> };

export function offerOperators(): void {
  const field = document.querySelector<HTMLInputElement>("[data-completes]");
  const known = field && document.getElementById(field.dataset.completes!);
  if (!field || !known) return;
  const { operators, values } = JSON.parse(known.textContent ?? "{}") as Known;
  complete(field, known.dataset.words ?? "", (typed) => {
    const word = /(?:^|\s)-?([^\s"]*)$/.exec(typed)?.[1] ?? "";
    const [name, value] = word.split(/:(.*)/s, 2);
    const from = typed.length - (value ?? word).length;
    if (value !== undefined) return { from, choices: valuesOf(values[name!] ?? [], value) };
    if (!word) return null;
    return { from, choices: Object.entries(operators).filter(([each]) => begins(each, word)).map(([each, words]) => ({ text: `${each}:`, words })) };
  });
}

function valuesOf(values: [string, string][], typed: string): Choice[] {
  const fitting = values.filter(([value, words]) => begins(value, typed) || (typed && begins(words, typed)));
  return fitting.map(([value, words]) => ({ text: `${value} `, words }));
}
