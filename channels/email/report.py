"""A read mail as one JSON object, for people who check how the hub reads (`contact-hub mail read`)."""

import hashlib

from contact_hub.contact import Contact


def as_json(file: str, contact: Contact) -> dict[str, object]:
    """What the hub made of the mail in `file`; `text` is all visible text, `reply` the newly written part of it."""
    return {
        "file": file,
        "subject": contact.subject,
        "from_email": contact.sender,
        "from_name": contact.sender_name,
        "text": "\n".join(part for part in (contact.message, contact.quoted) if part),
        "reply": contact.message,
        "quoted": contact.quoted,
        "language": contact.language,
        "automatic": contact.automatic,
        "attachments": [
            {
                "filename": attachment.name,
                "content_type": attachment.content_type,
                "size": len(attachment.content),
                "sha256": hashlib.sha256(attachment.content).hexdigest(),
            }
            for attachment in contact.attachments
        ],
    }
