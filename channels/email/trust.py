"""Judges whether a mail's sender is who it says: what our own server found out, and what only looks like us.

Only fields that bear the name of our own server count (RFC 8601, 5): everybody can write the others. A server adds its
findings on top, so of several fields the uppermost that speaks of a method is believed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email.addresses import addresses
from channels.email.headers import Headers
from channels.email.look_alikes import looks_like
from contact_hub.contact import Proof, Trust
from contact_hub.house import House

NAMELESS = "microsoft-365"  # stands for a server that signs with no name, as Microsoft 365 does
METHODS = ("spf", "dkim", "dmarc", "arc")

_MOST_FIELDS = 20
_LONGEST = 8_000
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"|\(|\)|([;=])|([^\s;="()]++)|\\')
_RESULT = re.compile(r"[a-z]{1,20}")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})", re.ASCII)
_NOT_LETTERS = re.compile(r"[^\w]+")


@dataclass(slots=True)
class _Finding:
    """One result of one method, with the properties that say about what: `{"header.d": "post.example"}`."""

    method: str
    result: str
    about: dict[str, str] = field(default_factory=dict)


def trust_in(headers: Headers, *, sender: str, sender_name: str, house: House) -> Trust:
    """What speaks for and against the sender, who is `sender` by the From field and calls himself `sender_name`."""
    findings = _believed(headers, house)
    proof = _proof(findings, _domain(sender)) if house.judges else ""
    return Trust(proof, _verdicts(findings), _warnings(headers, sender=sender, name=sender_name, proof=proof, house=house))


def _believed(headers: Headers, house: House) -> list[_Finding]:
    """What our own servers found; of each method only what the uppermost field says."""
    found: list[_Finding] = []
    for raw in headers.all_raw("authentication-results")[:_MOST_FIELDS]:
        server, findings = _read(raw[:_LONGEST].decode("utf-8", "replace"))
        if (server or NAMELESS) in house.judges:
            told = {each.method for each in found}
            found += [each for each in findings if each.method not in told]
    return found


def _read(value: str) -> tuple[str, list[_Finding]]:
    """The name of the server, '' where it gives none, and what it found; what can't be understood is left out."""
    clauses = list(_clauses(value))
    named = bool(clauses) and "=" not in clauses[0]
    server = clauses[0][0].lower() if named and clauses[0] else ""
    read = (_finding(clause) for clause in (clauses[1:] if named else clauses))
    return server, [each for each in read if each]


def _clauses(value: str) -> Iterator[list[str]]:
    """The parts between semicolons as words, '=' among them; comments are gone, quotes are taken off."""
    clause: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(value):
        if token[0] in "()":
            depth = max(0, depth + (1 if token[0] == "(" else -1))
        elif depth or token[0] == "\\":
            continue
        elif token[2] == ";":
            yield clause
            clause = []
        else:
            clause.append(token[1] if token[1] is not None else token[0])
    yield clause


def _finding(clause: list[str]) -> _Finding | None:
    """`dkim = pass header.d = post.example`, in any spacing."""
    words = list(map(str.lower, clause))
    pairs = [(before, after) for before, sign, after in zip(words, words[1:], words[2:], strict=False) if sign == "="]
    if not pairs or not _RESULT.fullmatch(pairs[0][1]):
        return None
    method = pairs[0][0].partition("/")[0]  # dkim/1: the version of a method
    return _Finding(method, pairs[0][1], dict(pairs[1:]))


def _verdicts(findings: list[_Finding]) -> dict[str, str]:
    """The result of each method; of several signatures a good one."""
    results = {method: [each.result for each in findings if each.method == method] for method in METHODS}
    return {method: "pass" if "pass" in found else found[0] for method, found in results.items() if found}


def _proof(findings: list[_Finding], domain: str) -> Proof:
    """DMARC decides where the server looked at it; else a signature or an envelope of the sender's own domain does."""
    dmarc = next((each.result for each in findings if each.method == "dmarc"), "")
    if dmarc in ("pass", "fail"):
        return "proved" if dmarc == "pass" else "unproved"
    if not findings:
        return "unchecked"
    return "proved" if any(_speaks_for(each, domain) for each in findings) else "unproved"


def _speaks_for(finding: _Finding, domain: str) -> bool:
    named = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "envelope-from")}.get(finding.method, ())
    domains = {finding.about[name].rpartition("@")[2].strip(".") for name in named if name in finding.about}
    return finding.result == "pass" and bool(domain) and any(_within(domain, each) or _within(each, domain) for each in domains)


def _within(domain: str, other: str) -> bool:
    """Whether it is the other domain or one beneath it; a top-level domain is nobody's."""
    return domain == other or ("." in other and domain.endswith(f".{other}"))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip(".").lower() if "@" in address else ""


def _is_own(domain: str, house: House) -> bool:
    return any(_within(domain, own) for own in house.domains)


def _warnings(headers: Headers, *, sender: str, name: str, proof: Proof, house: House) -> dict[str, str]:
    """What looks like us and is not, by kind, with what of ours it borrows."""
    if _is_own(_domain(sender), house):
        return {"own_address": _domain(sender)} if proof == "unproved" else {}
    warnings: dict[str, str] = {}
    answered = [pair[0] for raw in headers.all_raw("reply-to")[:1] for pair in addresses(raw, headers)]
    for domain in dict.fromkeys(map(_domain, [sender, *answered[:5]])):
        own = next((own for own in house.domains if domain and not _is_own(domain, house) and looks_like(domain, own)), "")
        if own:
            warnings.setdefault("look_alike", own)
    borrowed = next((found for found in _ADDRESS.finditer(name.lower()) if _is_own(found[1], house)), None)
    if borrowed:
        warnings["borrowed_address"] = borrowed[0]
    if house.name and _plain(house.name) in _plain(name):
        warnings["borrowed_name"] = house.name
    return warnings


def _plain(name: str) -> str:
    return f" {_NOT_LETTERS.sub(' ', name).strip().casefold()} "
