// A menu that asks something has the focus in its first field as soon as it opens; one that leads somewhere keeps it on its button.
import { focusStill } from "./verbs";

const FIELD = "textarea, select, input:not([type=hidden])";

export function goIntoMenus(): void {
  document.addEventListener("toggle", (event) => enter(event.target as HTMLElement), { capture: true });
}

function enter(menu: HTMLElement): void {
  if (!menu.matches("details.menu[open]")) return;
  const at = document.activeElement;
  if (menu.contains(at) && at?.tagName !== "SUMMARY") return;
  const first = menu.querySelector<HTMLElement>(`.menu-body :is(a[href], button, ${FIELD})`);
  if (first?.matches(FIELD)) focusStill(first);
}
