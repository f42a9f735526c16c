"""Whom to believe: what our own server found out about a sender, and what only looks like us."""

import pytest

from channels.email.headers import read_block
from channels.email.look_alikes import looks_like
from channels.email.trust import trust_in
from contact_hub.contact import Trust
from contact_hub.house import House

OURS = House(domains=("lindervelde.example",), name="Gemeente Lindervelde", judges=("mx.lindervelde.example",))
OF_MICROSOFT = House(domains=("lindervelde.example",), judges=("microsoft-365",))


def trust(*found: str, sender: str = "an@post.example", name: str = "An", house: House = OURS, more: str = "") -> Trust:
    """What is made of a mail with these findings, the uppermost first."""
    raw = "".join(f"Authentication-Results: {each}\n" for each in found) + f"Subject: x\n{more}\n"
    headers, _ = read_block(raw.encode(), 0, len(raw))
    return trust_in(headers, sender=sender, sender_name=name, house=house)


def test_a_sender_whom_dmarc_passes_is_proved() -> None:
    judged = trust("mx.lindervelde.example; spf=pass smtp.mailfrom=x@post.example; dmarc=pass (p=REJECT)")
    assert judged == Trust("proved", {"spf": "pass", "dmarc": "pass"})
    assert not judged.suspect


def test_a_sender_whom_dmarc_fails_is_not_proved_whatever_else_passes() -> None:
    judged = trust("mx.lindervelde.example; dkim=pass header.d=post.example; dmarc=fail header.from=post.example")
    assert judged.proof == "unproved"
    assert judged.suspect


def test_a_forged_or_foreign_field_counts_for_nothing() -> None:
    assert trust("mx.elsewhere.example; dmarc=pass header.from=post.example") == Trust("unchecked")
    forged = "mx.lindervelde.example; dmarc=pass header.from=post.example; arc=pass"
    judged = trust("mx.lindervelde.example; dmarc=fail header.from=post.example", forged)
    assert judged.proof == "unproved"
    assert judged.verdicts["dmarc"] == "fail"


def test_nobody_is_judged_where_no_server_of_ours_is_named() -> None:
    assert trust("mx.lindervelde.example; dmarc=fail", house=House(domains=("lindervelde.example",))).proof == ""


@pytest.mark.parametrize(
    ("found", "proof"),
    [
        ("dkim=pass header.d=post.example", "proved"),
        ("dkim=pass header.i=@mail.post.example", "proved"),
        ("dkim=pass header.d=mailer.example", "unproved"),
        ("dkim=fail header.d=post.example; spf=pass smtp.mailfrom=bounce@news.post.example", "proved"),
        ("spf=pass smtp.mailfrom=example", "unproved"),
        ("dkim=pass header.d=notpost.example", "unproved"),
        ("spf=softfail smtp.mailfrom=post.example", "unproved"),
        ("dmarc=none header.from=post.example; dkim=pass header.d=post.example", "proved"),
        ("none", "unchecked"),
    ],
)
def test_without_dmarc_a_signature_or_envelope_of_the_senders_own_domain_proves_it(found: str, proof: str) -> None:
    assert trust(f"mx.lindervelde.example; {found}").proof == proof


def test_findings_spread_over_several_fields_count_together() -> None:
    envelope, signature = "spf=fail smtp.mailfrom=x.example", "dkim=pass header.d=post.example"
    judged = trust(f"mx.lindervelde.example; {envelope}", f"mx.lindervelde.example; {signature}")
    assert judged == Trust("proved", {"spf": "fail", "dkim": "pass"})


def test_one_good_signature_among_broken_ones_is_enough() -> None:
    judged = trust("mx.lindervelde.example; dkim=fail header.d=list.example; dkim=pass header.d=post.example")
    assert judged == Trust("proved", {"dkim": "pass"})


@pytest.mark.parametrize(
    "field",
    [
        "mx.lindervelde.example 1; dkim = pass (2048-bit (rsa) key) header . d=x; dmarc=pass;",
        'MX.Lindervelde.Example; dmarc=pass reason="all; is (well"',
        "mx.lindervelde.example (a comment; dmarc=fail); dmarc=PASS",
        "mx.lindervelde.example;\n\tdmarc=pass (p=none dis=none)\n\theader.from=post.example",
    ],
)
def test_comments_quotes_folds_and_loose_ends_are_understood(field: str) -> None:
    assert trust(field).verdicts["dmarc"] == "pass"


def test_microsoft_signs_with_no_name() -> None:
    found = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=post.example; dkim=none; dmarc=pass action=none;compauth=pass"
    assert trust(found, house=OF_MICROSOFT).proof == "proved"
    assert trust(found).proof == "unchecked"


@pytest.mark.parametrize(
    "field", ["", ";;;", "(" * 8_000, "=" * 8_000, '"\\', "mx.lindervelde.example; ==pass=; dmarc", "\x00"]
)
def test_a_broken_field_is_left_out(field: str) -> None:
    assert trust(field).verdicts == {}


@pytest.mark.parametrize(
    "domain",
    [
        "lindervelde.example.evil.example",
        "lindervelde-example.com",
        "login-lindervelde-example.net",
        "lindervelde.com",
        "1indervelde.example",
        "lindervelbe.example",
        "lindevrelde.example",
        "linderveldee.example",
        "lndervelde.example",
        "linder-velde.example",
        "l\u0456ndervelde.example",
        "xn--" + "lind\u0435rvelde".encode("punycode").decode() + ".example",
    ],
)
def test_a_domain_made_to_look_like_ours_is_told(domain: str) -> None:
    assert looks_like(domain, "lindervelde.example")
    assert trust(sender=f"burgemeester@{domain}").warnings == {"look_alike": "lindervelde.example"}


@pytest.mark.parametrize(
    "domain", ["post.example", "kslindervelde.example", "lindervelde-koor.example", "linde.example", "telenet.be", "example"]
)
def test_other_domains_do_not_look_like_ours(domain: str) -> None:
    assert not looks_like(domain, "lindervelde.example")


def test_short_names_of_towns_that_differ_in_a_letter_are_different_towns() -> None:
    assert not looks_like("mal.be", "mol.be")
    assert looks_like("m0l.be", "mol.be")


def test_our_own_domain_and_what_is_beneath_it_are_no_look_alikes() -> None:
    assert trust(sender="an@lindervelde.example").warnings == {}
    assert trust(sender="an@school.lindervelde.example").warnings == {}


def test_a_name_that_borrows_ours_is_told() -> None:
    assert trust(name="Gemeente  LINDERVELDE | Belastingen").warnings == {"borrowed_name": "Gemeente Lindervelde"}
    assert trust(name="Schepen@lindervelde.example").warnings == {"borrowed_address": "schepen@lindervelde.example"}
    assert trust(name="Inwoner van Lindervelde").warnings == {}
    assert trust(name="Gemeente Linderveldergem").warnings == {}


def test_answers_that_would_go_to_a_look_alike_are_told() -> None:
    assert trust(more="Reply-To: <an@lindervelde.com>\n").warnings == {"look_alike": "lindervelde.example"}


def test_mail_in_our_name_that_our_server_does_not_prove_is_told() -> None:
    forged = trust("mx.lindervelde.example; dmarc=fail header.from=lindervelde.example", sender="an@lindervelde.example")
    assert forged.warnings == {"own_address": "lindervelde.example"}
    assert trust("mx.lindervelde.example; dmarc=pass", sender="an@lindervelde.example").warnings == {}
