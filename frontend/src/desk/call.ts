// The log of a call: the time it takes, and the caller that a press or the arrow keys choose.

export function followCall(): void {
  const form = document.getElementById("call");
  if (!(form instanceof HTMLFormElement)) return;
  runTimer();
  form.addEventListener("keydown", (event) => walkCallers(form, event));
  form.addEventListener("click", (event) => {
    const chosen = (event.target as HTMLElement).closest<HTMLElement>("[data-name][data-address]");
    if (chosen) choose(form, chosen);
  });
}

function runTimer(): void {
  const timer = document.querySelector<HTMLElement>("[data-seconds]");
  if (!timer) return;
  const began = performance.now() - Number(timer.dataset.seconds) * 1000;
  window.setInterval(() => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    timer.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }, 1000);
}

function choose(form: HTMLFormElement, chosen: HTMLElement): void {
  fill(form, "name", chosen.dataset.name);
  fill(form, "address", chosen.dataset.address);
  if (chosen instanceof HTMLButtonElement) form.querySelector<HTMLElement>("#field-topic")?.focus();
}

function fill(form: HTMLFormElement, name: string, value = ""): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement && value) field.value = value;
}

/** Down from the name or the number leads to the people it may be. */
function walkCallers(form: HTMLFormElement, event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const callers = [...form.querySelectorAll<HTMLElement>(".caller")];
  const at = callers.indexOf(document.activeElement as HTMLElement);
  const begins = event.target instanceof HTMLElement && ["field-name", "field-address"].includes(event.target.id);
  if (!callers.length || (at < 0 && !(begins && event.key === "ArrowDown"))) return;
  const next = at < 0 ? callers[0] : callers[at + (event.key === "ArrowDown" ? 1 : -1)];
  (next ?? form.querySelector<HTMLElement>("#field-name"))?.focus();
  event.preventDefault();
}
