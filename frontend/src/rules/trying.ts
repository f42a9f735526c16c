// Shows where a message would go by the draft as it stands, anew whenever the message or the draft changes.
import { part, settled } from "./asking";

const PAUSE = 500; // ms without a key

export function tryMessage(form: HTMLFormElement): () => void {
  const place = document.getElementById("tried");
  const message = document.getElementById("sample-text") as HTMLTextAreaElement | null;
  const subject = document.getElementById("sample-subject") as HTMLInputElement | null;
  const asks = (): boolean => Boolean(message?.value.trim() || subject?.value.trim());
  const again = settled(PAUSE, async () => {
    const html = asks() ? await part(form, form.dataset.try!) : "";
    if (place && html !== null) place.innerHTML = html;
  });
  for (const field of form.querySelectorAll("[name^=sample_]")) field.addEventListener("input", again);
  document.getElementById("do-try")?.addEventListener("click", (event) => {
    event.preventDefault();
    again();
  });
  return () => {
    if (asks()) again();
  };
}
