// After a verb the page comes anew: whoever works by keyboard goes on at that verb, or at the first one there is.

export function goOnAfterVerb(): void {
  const done = document.querySelector<HTMLElement>(".toast[data-done]")?.dataset.done;
  if (!done || document.activeElement !== document.body || document.querySelector("[autofocus]")) return;
  const verb = document.querySelector<HTMLElement>(`[data-verb="${done}"]`) ?? document.querySelector<HTMLElement>(".desk-work summary");
  (verb ?? document.getElementById("main"))?.focus({ preventScroll: true });
}
