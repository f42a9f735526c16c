// How much of the window the head of a ticket and its verbs cover, for the styles: what one is led to stands clear of both.

export function measureRoom(): void {
  const covering = { "--head": document.querySelector(".ticket-head"), "--verbs": document.querySelector(".desk-work") };
  for (const [name, part] of Object.entries(covering)) {
    if (part) new ResizeObserver(() => note(name, part)).observe(part);
  }
}

function note(name: string, part: Element): void {
  const { position, top } = getComputedStyle(part);
  const height = position === "sticky" ? part.getBoundingClientRect().height + (parseFloat(top) || 0) : 0;
  if (height) document.documentElement.style.setProperty(name, `${Math.ceil(height)}px`);
  else document.documentElement.style.removeProperty(name);
}
