// What the browser keeps of a chat: who it is, and every text until the hub has acknowledged it.
const KEY = "contact-hub-chat";

export interface Waiting {
  id: string;
  text: string;
  name: string;
}

export interface Kept {
  session: string;
  name: string;
  open: boolean;
  waiting: Waiting[];
}

const nothing: Kept = { session: "", name: "", open: false, waiting: [] };
let here: Kept = nothing; // where the browser keeps nothing, it lasts as long as the page

export function kept(): Kept {
  try {
    const stored = localStorage.getItem(KEY);
    return stored ? { ...nothing, ...(JSON.parse(stored) as Partial<Kept>) } : here;
  } catch {
    return here;
  }
}

export function keep(changed: Partial<Kept>): void {
  here = { ...kept(), ...changed };
  try {
    localStorage.setItem(KEY, JSON.stringify(here));
  } catch {
    // a browser that forbids it: `here` has it
  }
}

export function keepWaiting(one: Waiting): void {
  keep({ waiting: [...kept().waiting, one] });
}

export function forgetWaiting(id: string): void {
  keep({ waiting: kept().waiting.filter((each) => each.id !== id) });
}
