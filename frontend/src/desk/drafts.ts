// What somebody typed is kept until it is sent, on the server and, until that has it, in this tab: no reload, sign-out,
// broken line or refusal loses it.

const REST = 1_000; // ms without a letter after which the server is told
const PATIENCE = 5_000; // ms after which it counts as gone

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function keepDrafts(): void {
  for (const done of document.querySelectorAll<HTMLElement>("[data-done]")) sessionStorage.removeItem(key(done.dataset.done ?? ""));
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) keep(form);
}

function keep(form: HTMLFormElement): void {
  const place = key(form.dataset.draft ?? "");
  const server = new Keeper(form, place);
  const note = (): void => {
    const typed = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
    sessionStorage.setItem(place, JSON.stringify(typed));
    server.tellSoon();
  };
  if ("typed" in form.dataset) note(); // what the page brought is not to be lost either
  else if (restore(form, place)) server.tellSoon();
  form.addEventListener("input", note);
  form.addEventListener("submit", (event) => {
    const onItsWay = server.stop();
    if (!onItsWay) return sendOnce(form);
    event.preventDefault(); // what comes after the form would be a draft of what was sent
    void onItsWay.then(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("visibilitychange", () => document.hidden && server.tellNow());
}

/** Tells the server what stands in a form, once somebody rests, and again until it has it. */
class Keeper {
  private waiting = 0;
  private onItsWay: Promise<void> | null = null;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly place: string,
  ) {}

  tellSoon(wait = REST): void {
    if (!this.form.dataset.keep) return;
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.tellNow(), wait);
  }

  tellNow(): void {
    if (!this.waiting) return;
    if (this.onItsWay) return this.tellSoon();
    window.clearTimeout(this.waiting);
    this.waiting = 0;
    this.onItsWay = this.tell().finally(() => (this.onItsWay = null));
  }

  /** Tells nothing more; what is on its way, if anything. */
  stop(): Promise<void> | null {
    window.clearTimeout(this.waiting);
    this.waiting = 0;
    return this.onItsWay;
  }

  private async tell(): Promise<void> {
    const told = sessionStorage.getItem(this.place);
    try {
      const body = new FormData(this.form);
      for (const name of new Set(body.keys())) if (body.get(name) instanceof File) body.delete(name);
      const answer = await fetch(this.form.dataset.keep!, { method: "PUT", body, signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) throw new Error(answer.statusText);
      const { kept } = (await answer.json()) as { kept: boolean };
      if (sessionStorage.getItem(this.place) === told) sessionStorage.removeItem(this.place);
      this.say(kept ? "kept" : "");
    } catch {
      this.say("alone");
      this.tellSoon(REST * 10);
    }
  }

  private say(what: "kept" | "alone" | ""): void {
    const line = this.form.querySelector<HTMLElement>(".draft-state");
    if (!line) return;
    line.textContent = what ? line.dataset[what]! : "";
    line.hidden = !what;
  }
}

function fields(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>("textarea, select, input:not([type=hidden], [type=file], [type=checkbox])")].filter((field) => field.name);
}

function key(draft: string): string {
  return `draft ${location.pathname.split("/").slice(0, 3).join("/")} ${draft}`;
}

/** What this tab has and the server does not stands in the form again; says whether there was anything. */
function restore(form: HTMLFormElement, place: string): boolean {
  const kept = sessionStorage.getItem(place);
  if (!kept) return false;
  const typed = JSON.parse(kept) as Record<string, string>;
  for (const field of fields(form)) if (typed[field.name] !== undefined) field.value = typed[field.name]!;
  if (fields(form).some((field) => field instanceof HTMLTextAreaElement && field.value)) form.closest("details")?.setAttribute("open", "");
  return true;
}

/** A second click sends nothing twice; a page that comes back from the history can send again. */
function sendOnce(form: HTMLFormElement): void {
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("button")];
  window.setTimeout(() => buttons.forEach((button) => (button.disabled = true)), 0);
  window.addEventListener("pageshow", () => buttons.forEach((button) => (button.disabled = false)), { once: true });
}
