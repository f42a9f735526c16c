// How the page of a draft speaks with the hub: always with the page's token, one question of a kind at a time.

/** The page's token against forged requests. */
export function token(form: HTMLFormElement): Record<string, string> {
  return { "X-CSRFToken": form.querySelector<HTMLInputElement>("[name=csrf_token]")?.value ?? "" };
}

/** A part of the page for what the form holds now; null when the hub does not give it. */
export async function part(form: HTMLFormElement, address: string): Promise<string | null> {
  try {
    const answer = await fetch(address, { method: "POST", headers: token(form), body: new FormData(form) });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** Calls `act` once nothing happened for `pause` ms, and never twice at a time: what comes meanwhile is done after it. */
export function settled(pause: number, act: () => Promise<void>): () => void {
  let timer = 0;
  let busy = false;
  let again = false;
  const run = async (): Promise<void> => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await act();
    } finally {
      busy = false;
      if (again) {
        again = false;
        void run();
      }
    }
  };
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void run(), pause);
  };
}
