// Offers what can be written at the place of the cursor, to choose with the arrows and Enter, or to type on.

export type Offer = { from: number; choices: Choice[] };
export type Choice = { text: string; words?: string };
type Field = HTMLInputElement | HTMLTextAreaElement;

const MOST = 8; // choices offered at once

/** `asks` says what could stand instead of what was typed from a place up to the cursor. */
export function complete(field: Field, label: string, asks: (typed: string) => Offer | null): void {
  const list = document.createElement("ul");
  Object.assign(list, { id: `${field.id}-offered`, role: "listbox", hidden: true, className: "offered" });
  list.setAttribute("aria-label", label);
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  let offer: Offer | null = null;
  let at = 0;

  const draw = (): void => {
    offer = asks(field.value.slice(0, field.selectionStart ?? 0));
    list.replaceChildren(...(offer?.choices ?? []).slice(0, MOST).map((choice, number) => option(choice, `${list.id}-${number}`)));
    list.hidden = list.children.length === 0;
    at = 0;
    mark();
  };
  const mark = (): void => {
    for (const [number, each] of [...list.children].entries()) each.setAttribute("aria-selected", String(number === at));
    if (list.hidden) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
  };
  const choose = (number: number): void => {
    const choice = offer?.choices[number];
    if (!choice || !offer) return;
    field.setRangeText(choice.text, offer.from, field.selectionStart ?? 0, "end");
    list.hidden = true;
    mark();
    field.focus();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };

  field.addEventListener("input", draw);
  field.addEventListener("blur", () => window.setTimeout(() => (list.hidden = true), 200));
  field.addEventListener("keydown", (pressed) => {
    const event = pressed as KeyboardEvent;
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + list.children.length) % list.children.length;
    else if (event.key === "Enter" || event.key === "Tab") choose(at);
    else if (event.key === "Escape") list.hidden = true;
    else return;
    mark();
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    choose([...list.children].indexOf((event.target as HTMLElement).closest("li")!));
  });
}

/** Whether what was typed begins the words, or one of them; what stands there in full is not offered again. */
export function begins(words: string, typed: string): boolean {
  const [whole, wanted] = [plain(words), plain(typed)];
  return whole !== wanted && (whole.startsWith(wanted) || [" ", "'", "’", "-"].some((before) => whole.includes(before + wanted)));
}

/** In small letters and without accents. */
export function plain(words: string): string {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function option(choice: Choice, id: string): HTMLLIElement {
  const line = document.createElement("li");
  Object.assign(line, { id, role: "option" });
  line.append(choice.text);
  if (choice.words) {
    const words = document.createElement("span");
    words.className = "quiet small";
    words.textContent = ` ${choice.words}`;
    line.append(words);
  }
  return line;
}
