"""The door for mail.

Reading is a pure way from bytes to a `Contact`, one thought a file:

    reading      read_mail: the whole way, and UnreadableMail
    splitting    raw bytes -> tree of parts, as places in the bytes, bounded in depth and number
    headers      header block -> fields; encoded words and 8-bit text -> str
    parameters   Content-Type and Content-Disposition -> value and parameters (RFC 2045, 2231)
    charsets     bytes and what they claim to be -> str
    transfer     base64, quoted-printable, uuencode -> bytes
    uuencoding   files wrapped in a text
    tnef         files wrapped in a winmail.dat
    bodies       tree of parts -> the text a person sees, and attachments
    html_text    HTML -> plain text
    invitations  an invitation -> what, when and where
    enclosed     mails that came along as files -> text
    quoting      text -> what was newly written, and the rest
    addresses    who sent it, to whom
    identity     what names the mail, and which mails it answers
    automation   how far a machine wrote it
    forwards     who wrote what the sender only passed on
    failures     why a mail of ours did not arrive, by a bounce
    trust        whether the sender is who it says, by what our own server found
    versions     the HTML a mail shows, or its text, in the order of the mail
    safe_html    HTML -> HTML in which nothing runs, loads or hides where it leads
    links        where a link really leads
    look_alikes  domains made to look like ours
    legacy, legacy_file, legacy_examples
                 the fields of mails that older web forms send, by templates, and the examples that hold these in place
    report       a read mail as JSON, for `contact-hub mail read`
"""
