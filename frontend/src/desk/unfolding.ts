// What an address points at within a long conversation may be folded away: then it is brought and shown.

export function unfoldForAddress(): void {
  unfold();
  window.addEventListener("hashchange", unfold);
}

function unfold(): void {
  const [fold, id] = [document.querySelector<HTMLDetailsElement>("#conversation-fold"), location.hash.slice(1)];
  if (!fold || !/^(message|event)-\d+$/.test(id)) return;
  const show = (): void => document.getElementById(id)?.scrollIntoView();
  if (fold.contains(document.getElementById(id))) fold.open = true;
  if (document.getElementById(id)) return show();
  fold.addEventListener("htmx:afterSettle", show, { once: true });
  fold.open = true;
}
