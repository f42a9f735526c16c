// Counts the seconds down in which an answer can still be taken back; without scripts the page says until when. What is offered
// beside the words of what was done goes when it is over.

const OFFERED = 30; // seconds a way back that stays open elsewhere is offered

const began = new WeakMap<HTMLElement, number>();

export function countDown(): void {
  tick();
  window.setInterval(tick, 500);
  for (const offer of document.querySelectorAll<HTMLElement>(".toast-offer")) {
    window.setTimeout(() => offer.remove(), Number(offer.dataset.for ?? OFFERED) * 1000);
  }
}

function tick(): void {
  for (const line of document.querySelectorAll<HTMLElement>("[data-leaves]")) {
    if (!began.has(line)) began.set(line, performance.now());
    const left = Number(line.dataset.leaves) - (performance.now() - began.get(line)!) / 1000;
    line.hidden = left <= 0;
    line.textContent = (line.dataset.words ?? "").replace("{seconds}", String(Math.ceil(left)));
  }
}
