"""`contact-hub rules test`: how well the examples and tests of a rules file hold it in place."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contact_hub.cli.rules_given import file_in_force, rulebook_in

if TYPE_CHECKING:
    from contact_hub.routing.protection import Coverage, Protection
    from contact_hub.routing.rules import Astray

MOST_SHOWN = 40
"""So many unprotected parts are printed without --all."""


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--least", type=click.FloatRange(0, 1), help="End with code 1 when the mutation score is lower than this.")
@click.option("--all", "everything", is_flag=True, help=f"Name every unprotected part, not the first {MOST_SHOWN}.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: samples, astray, rules, parts, score, unprotected.")
def test(file: Path | None, least: float | None, everything: bool, as_json: bool) -> None:
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

    path = file or file_in_force()
    rulebook = rulebook_in(path)
    astray = rulebook.examples_astray()
    found = protection(rulebook)
    if as_json:
        click.echo(json.dumps(_record(found, astray), ensure_ascii=False))
    else:
        _tell(path, found, astray, len(found.unprotected) if everything else MOST_SHOWN)
    if astray or (least is not None and found.score < least):
        raise SystemExit(1)


def _record(found: "Protection", astray: "list[Astray]") -> dict[str, Any]:
    return {
        "samples": found.samples,
        "astray": [{"rule": each.rule, "example": each.example, "line": each.line, "what": str(each.what)} for each in astray],
        "rules": {"exercised": found.rules.exercised, "of": found.rules.of},
        "parts": {"exercised": found.parts.exercised, "of": found.parts.of},
        "score": round(found.score, 4),
        "unprotected": [
            {"kind": part.kind, "written": part.written, "rules": list(part.rules), "line": part.line}
            for part in found.unprotected
        ],
    }


def _tell(path: Path, found: "Protection", astray: "list[Astray]", most: int) -> None:
    for each in astray:
        click.echo(f"{path}:{each.line}:1 {each.rule}: “{each.example}” {each.what}")
    for part in found.unprotected[:most]:
        click.echo(f"{path}:{part.line}:1 {', '.join(part.rules)}: unprotected {part.kind} {part.written}")
    if len(found.unprotected) > most:
        click.echo(f"… and {len(found.unprotected) - most} more; --all names them.")
    click.echo(f"{found.samples - len(astray)} of {found.samples} examples and tests hold.")
    click.echo(f"Coverage: {_share(found.rules)} rules, {_share(found.parts)} parts.")
    protected = found.parts.of - len(found.unprotected)
    click.echo(f"Mutation score: {found.score:.2f} ({protected} of {found.parts.of} parts are protected).")


def _share(coverage: "Coverage") -> str:
    return f"{coverage.exercised} of {coverage.of}"
