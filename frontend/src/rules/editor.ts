// CodeMirror for YAML. It lives in a shadow root: its styles are then sheets of that root, which the page's policy allows.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export type Mark = { line: number; column: number; severity: "error" | "warning" | "info"; words: string };

export type Editor = {
  /** Shows what is wrong at the lines where it is. */
  mark: (marks: Mark[]) => void;
  /** Puts the cursor at the beginning of a line and shows it. */
  goTo: (line: number) => void;
};

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--link)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.squareBracket, tags.brace], color: "var(--quiet)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "70vh", fontSize: "0.8125rem", color: "var(--ink)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" }, // the page draws it, around all of the editor
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--surface-2)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--mark)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", color: "inherit" },
  ".cm-panels": { backgroundColor: "var(--surface-2)", color: "var(--ink)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2rem 0.5rem 0.5rem", fontFamily: "var(--face)" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label": { fontSize: "0.8125rem" },
  ".cm-textfield": { backgroundColor: "var(--surface)", border: "1px solid var(--line-strong)", color: "var(--ink)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", border: "1px solid var(--line-strong)", color: "var(--ink)" },
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)", maxWidth: "36rem", fontFamily: "var(--face)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--info)" },
});

/** An editor with the text of `field`, which follows it and is what the form sends; `typed` is told of every change. */
export function editorIn(host: HTMLElement, field: HTMLTextAreaElement, typed: () => void): Editor {
  const root = host.attachShadow({ mode: "open" });
  const label = { "aria-label": host.dataset.label ?? "", spellcheck: "false", tabindex: "0", autocapitalize: "off" };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        [lineNumbers(), lintGutter(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches()],
        [history(), drawSelection(), indentOnInput(), bracketMatching(), search({ top: false })],
        EditorState.phrases.of(JSON.parse(host.dataset.phrases ?? "{}") as Record<string, string>),
        [yaml(), syntaxHighlighting(COLOURS), LOOK, EditorView.lineWrapping, EditorView.contentAttributes.of(label)],
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]), // Tab leads on, as everywhere
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          typed();
        }),
      ],
    }),
  });
  host.hidden = false;
  field.hidden = true;
  document.getElementById("text-label")?.addEventListener("click", () => view.focus());
  return { mark: (marks) => view.dispatch(setDiagnostics(view.state, marks.map((mark) => at(view.state, mark)))), goTo: (line) => goTo(view, line) };
}

function at(state: EditorState, mark: Mark): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(mark.line, 1), state.doc.lines));
  const from = Math.min(line.from + Math.max(mark.column - 1, 0), line.to);
  return { from, to: line.to, severity: mark.severity, message: mark.words };
}

function goTo(view: EditorView, number: number): void {
  const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
  view.focus();
}
