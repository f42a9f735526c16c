"""Whether the sender of a message is who it says, in words for those who read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from contact_hub.arrivals import TakenContact
from contact_hub.contact import FormMail, Trust

MAIL = "message/rfc822"


@dataclass(frozen=True)
class Sender:
    """Who sent a contact, and what speaks for that; `first_time`: nobody knew the address before."""

    address: str
    trust: Trust
    first_time: bool
    is_mail: bool
    form_mail: FormMail

    @property
    def summary(self) -> str:
        """The shortest word about it; empty where there is nothing to say."""
        if self.trust.warnings:
            return str(_("Perhaps not who it seems"))
        return {"unproved": str(_("Sender not proved")), "unchecked": str(_("Sender not checked"))}.get(self.trust.proof, "")

    @property
    def reasons(self) -> list[str]:
        """What speaks against the sender, in sentences; a warning first."""
        return [*_warnings(self), *_doubts(self.trust)]

    @property
    def verdicts(self) -> str:
        """What our mail server found, as those who know mail say it."""
        return ", ".join(f"{method.upper()}: {result}" for method, result in self.trust.verdicts.items())


def sender_of(contact: TakenContact) -> Sender:
    """The sender of one contact."""
    facts: Mapping[str, object] = contact.facts.get("person", {})
    known = not contact.sender or bool(facts.get("known"))
    form_mail = FormMail(**contact.facts.get("form_mail", {}))
    return Sender(contact.sender, Trust(**contact.trust), not known, contact.raw_type == MAIL, form_mail)


def _warnings(sender: Sender) -> list[str]:
    told = {
        "look_alike": _("The sender's domain looks like %(ours)s and is another one."),
        "borrowed_address": _("The sender's name holds our address %(ours)s; the mail comes from %(sender)s."),
        "borrowed_name": _("The sender's name is that of %(ours)s; the mail comes from %(sender)s."),
        "own_address": _("The mail bears our domain %(ours)s, and our mail server could not prove that it is ours."),
    }
    return [told[kind] % {"ours": ours, "sender": sender.address} for kind, ours in sender.trust.warnings.items()]


def _doubts(trust: Trust) -> list[str]:
    if trust.proof == "unchecked":
        return [str(_("Our mail server said nothing about this mail."))]
    if trust.proof != "unproved" or "own_address" in trust.warnings:
        return []
    if trust.verdicts.get("dmarc") != "fail":
        return [str(_("Nothing shows that it comes from this address. That happens often, and by itself means no harm."))]
    if trust.verdicts.get("arc") == "pass":
        return [str(_("It did not pass the check of the sender's domain, but was forwarded on its way, which can explain it."))]
    return [str(_("It did not pass the check that the sender's domain asks for."))]
