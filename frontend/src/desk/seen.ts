// What an agent has seen of the conversation: an answer that does not know of what was said since is held. What arrives out of
// sight is told of, and where they were at the end the page goes along.

let observer: IntersectionObserver | undefined;
let newestSeen = 0;
let newestThere = 0;
const inSight = new Set<number>();

/** Watches the messages of the page, and those that arrive. */
export function noteWhatIsSeen(): void {
  const conversation = document.getElementById("conversation");
  if (!conversation) return;
  newestSeen = newestThere = newest(); // what the page brought counts as known, as the hub takes it
  new MutationObserver(() => {
    goAlong();
    watch(conversation);
    tell();
  }).observe(conversation, { childList: true, subtree: true });
  document.addEventListener("visibilitychange", () => watch(conversation));
  const verbs = document.querySelector(".desk-work");
  if (verbs) new ResizeObserver(() => watch(conversation)).observe(verbs); // what lies behind them is not seen
  document.getElementById("below")?.addEventListener("click", () => last()?.scrollIntoView({ block: "center" }));
  watch(conversation);
}

function watch(conversation: HTMLElement): void {
  observer?.disconnect();
  inSight.clear();
  if (document.hidden) return;
  observer = new IntersectionObserver(note, { rootMargin: `0px 0px -${hiddenBelow()}px 0px` });
  conversation.querySelectorAll(".message").forEach((message) => observer!.observe(message));
}

/** How much of the window's foot the verbs cover, and a little more: a long message is seen where it begins. */
function hiddenBelow(): number {
  const verbs = document.querySelector<HTMLElement>(".desk-work");
  const covers = verbs && getComputedStyle(verbs).position === "sticky" ? innerHeight - verbs.getBoundingClientRect().top : 0;
  return Math.round(Math.max(covers, 0) + 32);
}

function note(entries: IntersectionObserverEntry[]): void {
  for (const entry of entries) {
    const number = numberOf(entry.target);
    if (!entry.isIntersecting) inSight.delete(number);
    else inSight.add(number);
    if (entry.isIntersecting && number > newestSeen) newestSeen = number;
  }
  tell();
}

/** Writes into the answer what is known, and shows whether something waits below. */
function tell(): void {
  const field = document.querySelector<HTMLInputElement>("#answer-seen");
  if (field && newestSeen > Number(field.value)) field.value = String(newestSeen);
  const below = document.getElementById("below");
  if (below) below.hidden = newest() <= newestSeen;
}

/** To what has just arrived, where the message before it was in sight; whoever reads further up stays there. */
function goAlong(): void {
  const now = newest();
  if (now > newestThere && inSight.has(newestThere)) last()?.scrollIntoView({ block: "nearest" });
  newestThere = now;
}

function last(): Element | undefined {
  return [...document.querySelectorAll("#conversation .message")].at(-1);
}

function newest(): number {
  return Math.max(0, ...[...document.querySelectorAll("#conversation .message")].map(numberOf));
}

function numberOf(message: Element): number {
  return Number(message.id.replace("message-", ""));
}
