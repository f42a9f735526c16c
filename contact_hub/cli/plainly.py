"""What a command says when it can't go on: one plain sentence and exit code 2, never a traceback."""

from typing import Any

import click

from contact_hub.settings import SettingsError


class Stop(click.ClickException):
    """The command can't do its work; the message says why and how to mend it."""

    exit_code = 2


class PlainGroup(click.Group):
    """A group whose commands may find a setting missing."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; a missing or wrong setting ends it in one sentence."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise Stop(str(error)) from error
