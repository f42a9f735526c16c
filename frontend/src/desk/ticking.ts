// Ticking lines of the list: with shift all between, by key the line that has the focus; the bar says how many.

let last: HTMLInputElement | null = null;

export function followTicks(): void {
  document.addEventListener("click", (event) => {
    const tick = event.target;
    if (!(tick instanceof HTMLInputElement) || !tick.classList.contains("line-tick")) return;
    if (event.shiftKey && last) tickBetween(last, tick);
    last = tick;
    countTicked();
  });
  countTicked();
}

/** Ticks the line with the focus, or takes its tick away; `stays` leaves a tick as it is. */
export function tickFocused(stays = false): boolean {
  const tick = document.activeElement?.closest(".line")?.querySelector<HTMLInputElement>(".line-tick");
  if (tick && !(stays && tick.checked)) tick.click();
  return Boolean(tick);
}

function tickBetween(first: HTMLInputElement, second: HTMLInputElement): void {
  const ticks = [...document.querySelectorAll<HTMLInputElement>(".line-tick")];
  const [from, to] = [ticks.indexOf(first), ticks.indexOf(second)].sort((a, b) => a - b);
  for (const tick of ticks.slice(Math.max(0, from!), to! + 1)) tick.checked = second.checked;
}

/** Says in the bar how many are ticked. */
export function countTicked(): void {
  const words = document.querySelector<HTMLElement>(".bulk-count");
  if (words) words.textContent = `${document.querySelectorAll(".line-tick:checked").length} ${words.dataset.words}`;
}
