"""The `contact-hub` command: one file for each group of commands.

What is heavy is imported by the command that needs it, so that `contact-hub --help` and `contact-hub run` answer at once.
"""

import click

from contact_hub.cli.init import init
from contact_hub.cli.mail import mail
from contact_hub.cli.plainly import PlainGroup
from contact_hub.cli.processes import mailbox, schedule, web, worker
from contact_hub.cli.rules import rules
from contact_hub.cli.run import run
from contact_hub.cli.tally import tally

SHOWN = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(cls=PlainGroup, context_settings=SHOWN)
@click.version_option(package_name="contact-hub", message="Contact Hub %(version)s")
def main() -> None:
    """One gate for every citizen: mail, web forms, phone, chat and counter of a municipality on one desk.

    \b
    To look around:      contact-hub run --demo
    To start for real:   contact-hub run --admin you@town.example
    To see what a command does, when to use it and an example:
                         contact-hub rules try --help

    Settings come from the environment, each as CONTACT_HUB_NAME or, for secrets, as CONTACT_HUB_NAME_FILE that names a
    file: DATABASE_URL, REDIS_URL, SECRET_KEY, MAILBOXES, SMTP_URL, MAIL_FROM, PUBLIC_URL, RULES, FORMS, FORM_ORIGINS,
    FORM_MAILS, AUTHSERV_IDS, OWN_DOMAINS, VAR, LOG_LEVEL, METRICS_TOKEN.
    """


for command in (run, init, web, worker, schedule, mailbox, rules, mail, tally):
    main.add_command(command)
