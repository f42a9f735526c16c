// How much of the window the bar, the head of a ticket or a list and its verbs cover, for the styles: what one is led to stands
// clear of them.

const COVERING = { "--top": ".top", "--head": ".ticket-head, .list-head", "--verbs": ".desk-work" };

export function measureRoom(): void {
  measure(); // before anything scrolls
  const observer = new ResizeObserver(measure);
  for (const part of document.querySelectorAll(Object.values(COVERING).join(", "))) observer.observe(part);
}

function measure(): void {
  for (const [name, parts] of Object.entries(COVERING)) {
    const part = document.querySelector(parts);
    if (part) note(name, part);
  }
}

function note(name: string, part: Element): void {
  const { position, top } = getComputedStyle(part);
  const height = position === "sticky" ? part.getBoundingClientRect().height + (parseFloat(top) || 0) : 0;
  if (height) document.documentElement.style.setProperty(name, `${Math.ceil(height)}px`);
  else document.documentElement.style.removeProperty(name);
}
