"""What the hub says by itself about what went wrong: stored in English, said on a page in its language.

A detail may follow behind a colon: a code, a number, a kind of error; never what a citizen wrote.
"""

SIGN_IN_REFUSED = "sign-in refused"
SIGN_IN_POSTPONED = "the mail server can't check a sign-in at the moment"
TOKEN_REFUSED = "the token server refuses us"  # noqa: S105
TOKEN_SERVER_AWAY = "the token server does not answer"  # noqa: S105
FOLDER_CLOSED = "the folder can't be opened"
UNSAFE = "no safe connection to the mail server"
UNREACHABLE = "the mail server can't be reached"
DATABASE_AWAY = "the database was away"
UNEXPECTED = "unexpected"

NOT_GIVEN = "the mail server lists it and does not give it; its UID in the mailbox"
READING_FAILED = "reading it failed"
TAKING_IN_FAILED = "taking it in failed"
READ_AT_LAST = "it could be read at last"
GIVEN_AT_LAST = "the mail server gave it at last"
EMPTY_MAIL = "the mail is empty"
NO_HEADER = "the mail begins with no header field"

NO_SERVER = "no mail server is set (CONTACT_HUB_SMTP_URL)"
CONNECTION_BROKE = "the connection to the mail server broke"
SENDER_REFUSED = "the mail server refused our sign-in"
UNWILLING = "the mail server does not want to talk to us"
BAD_ADDRESS = "the address can't be written to"
WRITING_FAILED = "writing it failed"

NO_SUCH_ADDRESS = "the address does not exist"
MAILBOX_FULL = "the mailbox is full"
MAILBOX_CLOSED = "the mailbox takes no mail"
MAIL_TOO_BIG = "the mail was too big"
SERVER_UNREACHED = "the citizen's mail server can't be reached"
MAIL_REFUSED = "the citizen's mail server refused it"
CAME_BACK = "it came back"
