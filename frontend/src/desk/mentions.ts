// After an @ in a note: the colleagues and teams that can be called in, to choose with the arrows and Enter, or to type on.

import { plain } from "./palette";

const MOST = 6; // names offered at once
const TYPED = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}][^\n@]{0,40})?$/u;

export function offerNames(): void {
  document.addEventListener("focusin", (event) => {
    const field = event.target;
    const known = document.getElementById("may-be-named");
    if (!(field instanceof HTMLTextAreaElement) || field.id !== "note-text" || field.dataset.offers || !known) return;
    field.dataset.offers = "names";
    offer(field, JSON.parse(known.textContent ?? "[]") as string[], known.dataset.words ?? "");
  });
}

function offer(field: HTMLTextAreaElement, names: string[], label: string): void {
  const list = document.createElement("ul");
  Object.assign(list, { id: "named", role: "listbox", hidden: true, className: "named" });
  list.setAttribute("aria-label", label);
  field.after(list);
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-autocomplete", "list");
  let at = 0;

  const typed = (): string | null => {
    const found = TYPED.exec(field.value.slice(0, field.selectionStart));
    return found ? (found[1] ?? "") : null;
  };
  const draw = (): void => {
    const part = typed();
    const fitting = part === null ? [] : names.filter((name) => begins(name, part)).slice(0, MOST);
    list.replaceChildren(...fitting.map(option));
    list.hidden = fitting.length === 0;
    at = 0;
    mark();
  };
  const mark = (): void => {
    for (const [number, each] of [...list.children].entries()) each.setAttribute("aria-selected", String(number === at));
    if (list.hidden) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `named-${at}`);
  };
  const choose = (number: number): void => {
    const name = list.children[number]?.textContent;
    if (!name) return;
    const end = field.selectionStart;
    field.setRangeText(`${name} `, end - (typed() ?? "").length, end, "end");
    list.hidden = true;
    mark();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    field.focus();
  };

  field.addEventListener("input", draw);
  field.addEventListener("blur", () => window.setTimeout(() => (list.hidden = true), 200));
  field.addEventListener("keydown", (event) => {
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

/** Whether what was typed begins the name, or one of its words. */
function begins(name: string, part: string): boolean {
  const [whole, wanted] = [plain(name), plain(part)];
  return whole !== wanted && (whole.startsWith(wanted) || whole.includes(` ${wanted}`));
}

function option(name: string, number: number): HTMLLIElement {
  const line = document.createElement("li");
  line.id = `named-${number}`;
  line.role = "option";
  line.textContent = name;
  return line;
}
