// What somebody typed is kept until it is sent, on the server and, until that has it, in this browser: no reload, sign-out,
// broken line or refusal loses it.
import { drop, isHere, keepHere, keptHere, placeOf, tellWhatIsHere } from "./kept_here";

const REST = 1_000; // ms without a letter after which the server is told
const PATIENCE = 5_000; // ms after which it counts as gone
const OUTLIVES = 20_000; // characters: a browser carries at most 64 KB to the server once the page is gone

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type State = "kept" | "alone" | "unsent" | "";

export function keepDrafts(): void {
  for (const done of document.querySelectorAll<HTMLElement>("[data-done]")) drop(done.dataset.done ?? "");
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) keepDraft(form);
  void tellWhatIsHere();
}

/** Keeps what is typed in one form. */
export function keepDraft(form: HTMLFormElement): void {
  const server = new Keeper(form);
  const note = (): void => {
    keepHere(form);
    server.tellSoon();
  };
  if ("typed" in form.dataset) note(); // what the page brought is not to be lost either
  else if (restore(form)) server.tellSoon();
  form.addEventListener("input", note);
  form.addEventListener("submit", (event) => submit(form, event, server));
  document.addEventListener("visibilitychange", () => document.hidden && server.tellNow());
}

/** What comes after the form would be a draft of what was sent; where a form must be sure, it leaves once the server has it. */
function submit(form: HTMLFormElement, event: SubmitEvent, server: Keeper): void {
  const onItsWay = server.stop();
  const isSure = !("sure" in form.dataset) || "told" in form.dataset;
  if (isSure && !onItsWay) return sendOnce(form);
  event.preventDefault();
  void (async () => {
    await onItsWay;
    if (!isSure && !(await server.tell("unsent"))) return;
    form.dataset.told = "";
    form.requestSubmit(event.submitter);
    delete form.dataset.told;
  })();
}

/** Tells the server what stands in a form, once somebody rests, and again until it has it. */
class Keeper {
  private waiting = 0;
  private onItsWay: Promise<unknown> | null = null;
  private leaving = false; // the page that comes was perhaps made before the server has what is told now
  private readonly leave = (): void => void (this.leaving = true);

  constructor(private readonly form: HTMLFormElement) {}

  tellSoon(wait = REST): void {
    if (!this.form.dataset.keep) return;
    this.leaving = false;
    window.addEventListener("beforeunload", this.leave);
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.tellNow(), wait);
  }

  tellNow(): void {
    if (!this.waiting) return;
    if (this.onItsWay) return this.tellSoon();
    window.clearTimeout(this.waiting);
    this.waiting = 0;
    this.onItsWay = this.tell("alone").finally(() => (this.onItsWay = null));
  }

  /** Tells nothing more; what is on its way, if anything. */
  stop(): Promise<unknown> | null {
    window.clearTimeout(this.waiting);
    this.waiting = 0;
    return this.onItsWay;
  }

  /** Whether the server has it now; if not, the page says what it is then, and tells again later. */
  async tell(otherwise: State): Promise<boolean> {
    const told = keptHere(this.form);
    try {
      const body = new FormData(this.form);
      for (const name of new Set(body.keys())) if (body.get(name) instanceof File) body.delete(name);
      const keepalive = [...body.values()].join("").length < OUTLIVES;
      const answer = await fetch(this.form.dataset.keep!, { method: "PUT", body, keepalive, signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) throw new Error(answer.statusText);
      const { kept } = (await answer.json()) as { kept: boolean };
      if (keptHere(this.form) === told && !this.leaving) {
        drop(this.form.dataset.draft!);
        window.removeEventListener("beforeunload", this.leave);
      }
      this.say(kept ? "kept" : "");
      return true;
    } catch {
      if (otherwise === "unsent") keepHere(this.form);
      this.say(otherwise);
      this.tellSoon(REST * 10);
      return false;
    }
  }

  private say(what: State): void {
    const line = this.form.querySelector<HTMLElement>(".draft-state");
    if (!line) return;
    line.textContent = what ? line.dataset[what]! : "";
    line.hidden = !what;
    line.classList.toggle("draft-unsent", what === "unsent");
  }
}

function fields(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>("textarea, select, input:not([type=hidden], [type=file], [type=checkbox])")].filter((field) => field.name);
}

/** What this browser has and the server does not stands in the form again; says whether there was anything. */
function restore(form: HTMLFormElement): boolean {
  const kept = isHere(placeOf(form));
  if (!kept) return false;
  for (const field of fields(form)) {
    const typed = kept[field.name];
    if (typed === undefined) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === typed;
    else field.value = typed;
  }
  if (fields(form).some((field) => field instanceof HTMLTextAreaElement && field.value)) form.closest("details")?.setAttribute("open", "");
  return true;
}

/** A second click sends nothing twice; a page that comes back from the history can send again. */
function sendOnce(form: HTMLFormElement): void {
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("button")];
  window.setTimeout(() => buttons.forEach((button) => (button.disabled = true)), 0);
  window.addEventListener("pageshow", () => buttons.forEach((button) => (button.disabled = false)), { once: true });
}
