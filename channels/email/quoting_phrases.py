"""How programs and people mark what they did not write newly: in Dutch, French, English, German and some others."""

import re

_LABELS = {
    "from": "from|van|de|von|da|od|från|fra|от",
    "sent": "sent|verzonden(?: op)?|envoyé(?: le)?|gesendet|inviato|enviado|skickat",
    "date": "date|datum|data|fecha|дата",
    "to": "to|aan|à|pour|an|a|para|cc|kopie|copie|till|til|кому",
    "subject": "subject|onderwerp|objet|sujet|betreff|oggetto|asunto|ämne|emne|тема",
}
_LABEL = "|".join(f"(?P<{group}>{labels})" for group, labels in _LABELS.items())

HEADER_LINE = re.compile(rf"[>*\s]{{0,20}}(?:{_LABEL})\s?\*?\s?:(?!//)", re.IGNORECASE)

ORIGINAL = re.compile(
    r"\s*+(?:[-_=*]{3,}+\s*+(?:original|originele?\b|oorspronkelijk|ursprüngliche|urspr\.|doorgestuurd|forwarded|fwd"
    r"|weitergeleitete|(?:message|mail|courriel) (?:d['’]origine|original|transféré|transmis|initial)"
    r"|mensaje|messaggio|reenviado)\b[^\n]{0,60}"
    r"|(?:begin forwarded message|begin doorgestuurd bericht|début du message (?:réexpédié|transféré)"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail))\s*:)",
    re.IGNORECASE,
)

OPENING = re.compile(
    r"\s*+(?:-{2,}+\s*+)?(?:(?:on|op|le|am|el|il|den|dnia|em|na|на)\s[^\n]{0,60}\d"
    r"|\d{1,2}[ ./-]\S{1,12}[ ./-]\d{2,4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})",
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(?:wrote|writes|schreef|geschreven|écrit|schrieb|escribió|ha scritto|escreveu|skrev|napisał"
    r"|написал|пише)\b|写道",
    re.IGNORECASE,
)
# A sender who tells who wrote what and when, in words of their own; no program writes so.
OWN_TELLING = re.compile(
    r"\b(?:schreef(?: u| je)? (?:ik|u|je|jij|wij|we|me|mij|ons)|(?:heb|hebben|hebt) (?:ik|u|je|wij|we))\b"
    r"|\b(?:m['’]a(?:vez)?|j['’]ai|(?:nous|vous) (?:a|ai|avez|avons)) écrit|\bI wrote|\bwrote (?:to )?(?:me|us|you)\b"
    r"|\b(?:schrieb(?:en)? (?:ich|Sie|wir|mir|uns)|habe ich|haben (?:Sie|wir))\b",
    re.IGNORECASE,
)
TIME = re.compile(r"\d{1,2}[:.hu]\d{2}|\d{4}|\d{1,2}[/.-]\d{1,2}")
ADDRESS_AT_END = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>\s*$")

SIGNATURE_MARK = re.compile(r"\s{0,3}(?:--|—|–|––|-- —)\s*$")

_DEVICE = r"iphone|ipad|ipod|android|galaxy|samsung|huawei|blackberry|mobile?\b|mobiel|gsm|telefoon|phone|outlook"
PROGRAM_SIGNATURE = re.compile(
    r"\s*+[<(]{0,2}(?:"
    r"(?:sent|send) (?:from|via|with|by|using)\b[^\n]{0,120}"
    r"|verzonden (?:vanaf|vanuit|met|via|van)\b[^\n]{0,120}"
    r"|verstuurd (?:vanaf|vanuit|met|via|van)\b[^\n]{0,120}"
    r"|envoyé (?:de|depuis|avec|à partir|par)\b[^\n]{0,120}"
    r"|envoyé à partir d[^\n]{0,120}"
    r"|von (?:meinem|meiner)\b[^\n]{0,80} (?:gesendet|geschickt)"
    r"|gesendet (?:von|mit|über)\b[^\n]{0,120}"
    r"|diese nachricht wurde von\b[^\n]{0,120} gesendet\.?"
    r"|sendt fra\b[^\n]{0,80}|skickat från\b[^\n]{0,80}|inviato d[^\n]{0,80}|enviado d[^\n]{0,80}"
    r"|provenance : courrier pour windows[^\n]{0,20}"
    r"|從我的 [^\n]{0,40} 傳送"
    rf"|(?:from|someone from) (?:my )?(?:{_DEVICE})[^\n]{{0,40}}"
    r"|(?:get|download) \[?outlook for\b[^\n]{0,120}|outlook voor \w+ (?:downloaden|ophalen)[^\n]{0,120}"
    r"|(?:télécharger|obtenir|obtenez) outlook pour\b[^\n]{0,120}|(?:holen sie sich )?outlook für \w+[^\n]{0,120}"
    r")\s*[>)]{0,2}\.?\s*$",
    re.IGNORECASE,
)

CLOSING = re.compile(
    r"\s*+(?:(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en|jes)?|(?:veel |de )?groet(?:en|jes)|m\.?v\.?g\.?"
    r"|hoogachtend"
    r"|(?:bien )?(?:cordialement|à vous)|(?:sincères|meilleures|cordiales) salutations|salutations(?: distinguées)?"
    r"|(?:kind|best|warm)(?:est)? regards|regards|sincerely|yours (?:sincerely|faithfully|truly)"
    r"|(?:mit )?(?:freundlichen?|herzlichen?|besten?|vielen) grü(?:ß|ss)en?|mfg|hochachtungsvoll)\s*[,.!]?\s*$",
    re.IGNORECASE,
)
CONTACT_DETAIL = re.compile(
    r"https?://|www\.|\S@\S+\.\w|\b(?:tel|tél|gsm|fax|mob(?:iel|ile)?|phone|telefon|telefoon|btw|tva)\b\.?\s*:?"
    r"|(?:\+|\b0)\d[\d /.()-]{6,}",
    re.IGNORECASE,
)
POSTSCRIPT = re.compile(r"\s*+p\.?\s?s\.?\s?[:.]?\s", re.IGNORECASE)
DISCLAIMER = re.compile(
    r"\s*+(?:disclaimer\b|(?:avis de confidentialité|confidentiality notice|vertrouwelijkheidsclausule)\b"
    r"|(?:this|the) (?:e-?mail|message|information)[^\n]{0,60} (?:confidential|intended)"
    r"|(?:dit|deze|de) (?:e-?mail|bericht|inhoud|informatie)[^\n]{0,80}"
    r" (?:vertrouwelijk|uitsluitend|bestemd)"
    r"|(?:denk aan het milieu|please consider the environment|pensez à l['’]environnement|bitte denken sie an die umwelt)\b"
    r"|(?:virusvrij|sans virus|virus-free|virenfrei)\s?\.\s?www\."
    r"|(?:ce|le présent) (?:message|courriel|e-?mail|mail)[^\n]{0,80} (?:confidentiel|destin)"
    r"|diese (?:e-?mail|nachricht)[^\n]{0,60} (?:vertraulich|enthält|ausschließlich))",
    re.IGNORECASE,
)

# How a signature mark, a closing phrase and a disclaimer begin; spares long texts most of the work.
SIGNATURE_START = re.compile(r"\s{0,20}(?:[-—–]|[a-z])", re.IGNORECASE)
