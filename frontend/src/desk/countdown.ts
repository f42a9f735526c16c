// Counts the seconds down in which an answer can still be taken back; without scripts the page says until when.

const began = new WeakMap<HTMLElement, number>();

export function countDown(): void {
  tick();
  window.setInterval(tick, 500);
}

function tick(): void {
  for (const line of document.querySelectorAll<HTMLElement>("[data-leaves]")) {
    if (!began.has(line)) began.set(line, performance.now());
    const left = Number(line.dataset.leaves) - (performance.now() - began.get(line)!) / 1000;
    line.hidden = left <= 0;
    line.textContent = (line.dataset.words ?? "").replace("{seconds}", String(Math.ceil(left)));
  }
}
