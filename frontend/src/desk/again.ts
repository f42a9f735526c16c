// After somebody signed in again in another tab: the page goes on as theirs, with what was typed in it; as another person's
// it begins anew.

export async function goOnSignedIn(): Promise<void> {
  const answer = await fetch("/sign-in/here", { headers: { "HX-Request": "true" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const { agent, token } = (await answer.json()) as { agent: number; token: string };
  if (String(agent) !== document.documentElement.dataset.agent) return location.reload();
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name=csrf_token]")) field.value = token;
}
