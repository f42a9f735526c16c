// A field for files in the language of its page: browsers label theirs in their own. Without scripts theirs serves.

export function offerFiles(within: ParentNode): void {
  for (const field of within.querySelectorAll<HTMLInputElement>("input[type=file][data-choose]")) putIntoWords(field);
}

/** A button that opens it and what was chosen stand in its place; it stays in its form, out of sight. */
function putIntoWords(field: HTMLInputElement): void {
  const [button, chosen] = [document.createElement("button"), document.createElement("output")];
  const tell = (): void => {
    chosen.textContent = [...(field.files ?? [])].map((file) => file.name).join(", ") || field.dataset.none!;
  };
  button.type = "button";
  button.className = "button";
  button.textContent = field.dataset.choose!;
  button.setAttribute("aria-describedby", field.getAttribute("aria-describedby") ?? "");
  for (const label of field.labels ?? []) {
    label.id = `${field.id}-label`;
    button.setAttribute("aria-labelledby", `${label.id} ${field.id}`);
  }
  [button.id, field.id] = [field.id, `${field.id}-chosen`];
  field.hidden = true;
  chosen.className = "chosen-files";
  field.before(button, chosen);
  button.addEventListener("click", () => field.click());
  field.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // a page that comes back from the history has them still
  tell();
}
