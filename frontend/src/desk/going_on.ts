// After a verb the page comes anew: whoever works by keyboard goes on at that verb, or at the first one there is;
// after a ticket was resolved at the next one.

export function goOnAfterVerb(): void {
  const done = document.querySelector<HTMLElement>(".toast[data-done]")?.dataset.done;
  if (!done || document.activeElement !== document.body || document.querySelector("[autofocus]")) return;
  const next = done === "resolution" ? document.querySelector<HTMLElement>('[data-verb="next"]') : null;
  const verb = next ?? document.querySelector<HTMLElement>(`[data-verb="${done}"]`) ?? document.querySelector<HTMLElement>(".desk-work summary");
  (verb ?? document.getElementById("main"))?.focus({ preventScroll: true });
}
