// In the log of calls: the topic by typing words of its name, in any of the four languages.
import { begins, complete } from "./completing";

export function offerTopics(): void {
  const field = document.querySelector<HTMLInputElement>("[data-offers]");
  const known = field && document.getElementById(field.dataset.offers!);
  if (!field || !known) return;
  const topics = JSON.parse(known.textContent ?? "[]") as string[][];
  complete(field, known.dataset.words ?? "", (typed) => {
    const wanted = typed.trim().split(/\s+/).filter(Boolean);
    if (!wanted.length || topics.some(([name]) => name === typed.trim())) return null;
    const fitting = topics.flatMap(([name, ...names]) => {
      const by = [name!, ...names].find((each) => wanted.every((word) => begins(each, word) || each.toLowerCase() === word.toLowerCase()));
      return by ? [{ text: name!, words: by === name ? "" : by }] : [];
    });
    return { from: 0, choices: fitting };
  });
}
