// What an agent has seen of the conversation while writing: an answer that does not know of what was said since is held.

const watched = new IntersectionObserver((entries) => entries.filter((each) => each.isIntersecting).forEach((each) => saw(each.target)), {
  rootMargin: "0px 0px -10% 0px", // a long message is seen where it begins
});

/** Watches the messages of the page, and those that arrive. */
export function noteWhatIsSeen(): void {
  const conversation = document.getElementById("conversation");
  if (!conversation) return;
  const watch = (): void => conversation.querySelectorAll(".message").forEach((message) => watched.observe(message));
  new MutationObserver(watch).observe(conversation, { childList: true, subtree: true });
  document.addEventListener("visibilitychange", () => {
    watched.disconnect();
    if (!document.hidden) watch();
  });
  watch();
}

function saw(message: Element): void {
  const field = document.querySelector<HTMLInputElement>("#answer-seen");
  const number = Number(message.id.replace("message-", ""));
  if (field && !document.hidden && number > Number(field.value)) field.value = String(number);
}
