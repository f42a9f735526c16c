// In the search: its operators and what they can be answered with, while typing.
import { begins, complete, type Choice } from "./completing";

type Known = { operators: Record<string, string>; values: Record<string, [string, string][]> };

export function offerOperators(): void {
  const field = document.querySelector<HTMLInputElement>("[data-completes]");
  if (!field) return;
  let { operators, values }: Known = { operators: {}, values: {} };
  let asked = false;
  const learn = async (): Promise<void> => {
    if (asked) return;
    asked = true;
    const answer = await fetch(field.dataset.completes!).catch(() => null);
    asked = Boolean(answer?.ok);
    if (!answer?.ok) return;
    ({ operators, values } = (await answer.json()) as Known);
    if (document.activeElement === field && field.value) field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  field.addEventListener("focus", () => void learn());
  if (document.activeElement === field) void learn();
  complete(field, field.dataset.words ?? "", (typed) => {
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
