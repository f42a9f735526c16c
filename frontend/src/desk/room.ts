// How much of the window the head of a ticket or a list and its verbs cover, for the styles: what one is led to stands clear of them.

export function measureRoom(): void {
  const covering = { "--head": ".ticket-head, .list-head", "--verbs": ".desk-work" };
  for (const [name, parts] of Object.entries(covering)) {
    const part = document.querySelector(parts);
    if (!part) continue;
    note(name, part); // before anything scrolls
    new ResizeObserver(() => note(name, part)).observe(part);
  }
}

function note(name: string, part: Element): void {
  const { position, top } = getComputedStyle(part);
  const height = position === "sticky" ? part.getBoundingClientRect().height + (parseFloat(top) || 0) : 0;
  if (height) document.documentElement.style.setProperty(name, `${Math.ceil(height)}px`);
  else document.documentElement.style.removeProperty(name);
}
