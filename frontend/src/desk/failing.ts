// A part of a page that could not be had says so where it was asked for, and a form that reaches nobody stays as it is.

interface Asked {
  elt: HTMLElement;
  xhr?: XMLHttpRequest;
}

export function tellFailures(): void {
  document.addEventListener("htmx:responseError", (event) => tell((event as CustomEvent<Asked>).detail));
  document.addEventListener("htmx:sendError", (event) => tell((event as CustomEvent<Asked>).detail));
  document.addEventListener("htmx:timeout", (event) => tell((event as CustomEvent<Asked>).detail));
  document.addEventListener("htmx:beforeRequest", (event) => forget(placeOf((event as CustomEvent<Asked>).detail.elt)));
  document.addEventListener("submit", holdWhileOffline, { capture: true });
}

function tell({ elt, xhr }: Asked): void {
  put(placeOf(elt), said(xhr?.responseText ?? "") ?? notReached());
}

/** What the hub says of it; whatever else answered, as a server before it, says nothing that helps. */
function said(answer: string): Element | null {
  return new DOMParser().parseFromString(answer, "text/html").querySelector("[data-problem]");
}

function notReached(): Element | null {
  const template = document.querySelector<HTMLTemplateElement>("#not-reached");
  return (template?.content.cloneNode(true) as DocumentFragment | undefined)?.firstElementChild ?? null;
}

/** Before the form or the part, so that a swap of it, or its being folded, does not take the words away. */
function placeOf(elt: HTMLElement): HTMLElement {
  return elt.closest("form") ?? elt;
}

function put(place: HTMLElement, problem: Element | null): void {
  forget(place);
  if (problem) place.before(problem);
}

function forget(place: HTMLElement): void {
  const before = place.previousElementSibling;
  if (before?.hasAttribute("data-problem")) before.remove();
}

function holdWhileOffline(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (navigator.onLine) return forget(form);
  event.preventDefault();
  event.stopImmediatePropagation();
  put(form, notReached());
}
