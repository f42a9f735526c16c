"""`contact-hub rules test`: how well the examples and tests of a rules file hold it in place."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contact_hub.cli.rules_given import file_in_force, rulebook_in
from contact_hub.cli.speaking import Translate, answers_in, in_language
from contact_hub.routing.said import Said, said

if TYPE_CHECKING:
    from contact_hub.routing.protection import Protection
    from contact_hub.routing.rules import Astray

_UNPROTECTED = {
    "word": said("unprotected word"),
    "condition": said("unprotected condition"),
    "not": said("unprotected not"),
    "number": said("unprotected number"),
}
MOST_SHOWN = 40
"""So many unprotected parts are printed without --all."""


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--least", type=click.FloatRange(0, 1), help="End with code 1 when the mutation score is lower than this.")
@click.option("--all", "everything", is_flag=True, help=f"Name every unprotected part, not the first {MOST_SHOWN}.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: samples, astray, rules, parts, score, unprotected.")
@answers_in
def test(file: Path | None, least: float | None, everything: bool, as_json: bool, language: str) -> None:
    """Run the examples and tests of a rules file, and say what they leave unprotected.

    Every word, condition, `not` and number is dropped in turn. Where no example and no test notices, that part is
    unprotected: somebody may take it out by mistake and nothing tells. The mutation score is the share of parts that are
    protected. Use it while writing examples. An example or a test that fails, or a score under --least, ends the command
    with code 1.

    \b
    Example:
      contact-hub rules test drafts/routing_rules.yaml --least 0.8
    """
    from contact_hub.routing.protection import protection

    path, translate = file or file_in_force(), in_language(language)
    rulebook = rulebook_in(path, translate)
    astray = rulebook.examples_astray()
    found = protection(rulebook)
    if as_json:
        click.echo(json.dumps(_record(found, astray, translate), ensure_ascii=False))
    else:
        for line in _lines(path, found, astray, len(found.unprotected) if everything else MOST_SHOWN, translate):
            click.echo(line)
    if astray or (least is not None and found.score < least):
        raise SystemExit(1)


def _record(found: "Protection", astray: "list[Astray]", translate: Translate) -> dict[str, Any]:
    return {
        "samples": found.samples,
        "astray": [
            {"rule": each.rule, "example": each.example, "line": each.line, "what": each.what.through(translate)}
            for each in astray
        ],
        "rules": {"exercised": found.rules.exercised, "of": found.rules.of},
        "parts": {"exercised": found.parts.exercised, "of": found.parts.of},
        "score": round(found.score, 4),
        "unprotected": [
            {"kind": part.kind, "written": part.written, "rules": list(part.rules), "line": part.line}
            for part in found.unprotected
        ],
    }


def _lines(path: Path, found: "Protection", astray: "list[Astray]", most: int, translate: Translate) -> Iterator[str]:
    for each in astray:
        yield f"{path}:{each.line}:1 {each.rule}: “{each.example}” {each.what.through(translate)}"
    for part in found.unprotected[:most]:
        what = _UNPROTECTED[part.kind].through(translate)
        yield f"{path}:{part.line}:1 {', '.join(part.rules)}: {what} {part.written}"
    left = len(found.unprotected)
    if left > most:
        yield said("… and %(count)s more; --all names them.", count=left - most).through(translate)
    yield said(
        "%(held)s of %(samples)s examples and tests hold.", held=found.samples - len(astray), samples=found.samples
    ).through(translate)
    rules, parts = (_some(each.exercised, each.of) for each in (found.rules, found.parts))
    yield said("Coverage: %(rules)s rules, %(parts)s parts.", rules=rules, parts=parts).through(translate)
    yield said(
        "Mutation score: %(score)s (%(parts)s parts are protected).",
        score=f"{found.score:.2f}",
        parts=_some(found.parts.of - left, found.parts.of),
    ).through(translate)


def _some(some: int, of: int) -> Said:
    return said("%(some)s of %(all)s", some=some, all=of)
