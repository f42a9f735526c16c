// The palette: by typing to a page, a queue, a ticket, or what can be done on this page.
import { plain } from "./completing";
import { perform } from "./verbs";

type Command = { words: string; key?: string; act: () => void };
type Place = { words: string; address: string };

const PAUSE = 200; // milliseconds without a key, after which tickets are looked for

export function offerPalette(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  if (!dialog) return;
  const typed = dialog.querySelector("input")!;
  const list = dialog.querySelector("ul")!;
  let places: Place[] = [];
  let tickets: Place[] = []; // that hold what was typed
  let asking = new AbortController();
  let pause = 0;
  let shown: Command[] = [];
  let at = 0;

  const open = async (): Promise<void> => {
    typed.value = "";
    tickets = [];
    at = 0;
    if (!dialog.open) dialog.showModal();
    draw();
    const answer = await fetch(dialog.dataset.places!).catch(() => null);
    if (answer?.ok) places = (await answer.json()) as Place[];
    draw();
  };
  const draw = (): void => {
    shown = [...found([...done(), ...places.map(led)], typed.value), ...looked(dialog, typed.value.trim()), ...tickets.map(led)];
    at = Math.min(at, Math.max(shown.length - 1, 0));
    list.replaceChildren(...shown.map(option));
    mark();
  };
  /** Tickets come last, so that nothing moves from under the finger when they arrive. */
  const look = async (words: string): Promise<void> => {
    const answer = await fetch(`${dialog.dataset.places}?q=${encodeURIComponent(words)}`, { signal: asking.signal }).catch(() => null);
    if (!answer?.ok || typed.value.trim() !== words) return;
    tickets = (await answer.json()) as Place[];
    draw();
  };
  const follow = (): void => {
    asking.abort();
    asking = new AbortController();
    window.clearTimeout(pause);
    tickets = [];
    at = 0;
    draw();
    const words = typed.value.trim();
    if (words.length > 1) pause = window.setTimeout(() => void look(words), PAUSE);
  };
  const mark = (): void => {
    for (const [number, each] of [...list.children].entries()) each.setAttribute("aria-selected", String(number === at));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    typed.setAttribute("aria-activedescendant", shown.length ? `palette-${at}` : "");
  };
  const choose = (number: number): void => {
    const command = shown[number];
    if (!command) return;
    dialog.close();
    command.act();
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    void open();
  });
  typed.addEventListener("input", follow);
  typed.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      at = (at + step + shown.length) % shown.length;
      mark();
    } else if (event.key === "Enter") choose(at);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => choose([...list.children].indexOf((event.target as HTMLElement).closest("li")!)));
}

/** What the buttons and the folded forms of this page do; of links the next page alone, as the others are among the places. */
function done(): Command[] {
  const named = [...document.querySelectorAll<HTMLElement>("[data-verb], .belongs-verbs button")].filter((verb) => verb.matches("button, summary, a.button"));
  const pressed = new Map(named.map((verb) => [verb.textContent!.trim(), verb])).values(); // of one name the last: the newest message
  return [...pressed].map((verb) => ({ words: verb.textContent!.trim(), key: verb.getAttribute("aria-keyshortcuts") ?? "", act: () => perform(verb) }));
}

function led(place: Place): Command {
  return { words: place.words, act: () => location.assign(place.address) };
}

/** A ticket by its reference, and all that hold the words. */
function looked(dialog: HTMLDialogElement, words: string): Command[] {
  if (!words) return [];
  const { find, search, findWords, searchWords } = dialog.dataset;
  const ways: [string, string][] = /\d-/.test(words) ? [[findWords!, find!], [searchWords!, search!]] : [[searchWords!, search!]];
  return ways.map(([says, address]) => led({ words: `${says} “${words}”`, address: address + encodeURIComponent(words) }));
}

function found(commands: Command[], typed: string): Command[] {
  const wanted = plain(typed).split(/\s+/);
  return commands.filter((each) => wanted.every((word) => plain(each.words).includes(word)));
}

function option(command: Command, number: number): HTMLLIElement {
  const line = document.createElement("li");
  line.id = `palette-${number}`;
  line.role = "option";
  line.textContent = command.words;
  if (command.key) line.append(keyCap(command.key));
  return line;
}

function keyCap(letter: string): HTMLElement {
  const cap = document.createElement("kbd");
  cap.textContent = letter;
  cap.ariaHidden = "true";
  return cap;
}
