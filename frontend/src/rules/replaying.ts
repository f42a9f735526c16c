// Says what the draft as it stands would have done to past tickets.
import { part, settled } from "./asking";

const PAUSE = 1200; // ms without a key

export function replay(form: HTMLFormElement): () => void {
  const section = document.getElementById("replay");
  const place = document.getElementById("replayed");
  const again = settled(PAUSE, async () => {
    const html = section && place ? await part(form, section.dataset.replay!) : null;
    if (html === null || !section || !place) return;
    const open = place.querySelector<HTMLDetailsElement>("details")?.open ?? false;
    place.innerHTML = html;
    const fold = place.querySelector<HTMLDetailsElement>("details");
    if (fold) fold.open = open;
    section.hidden = false;
  });
  again();
  return again;
}
