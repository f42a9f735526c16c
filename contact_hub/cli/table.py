"""Prints a table for people, as wide as it needs to be where nobody's window sets a limit."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

UNLIMITED = 200  # characters a line may take in a file or a pipe


def show(headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[str] = ()) -> None:
    """Prints the rows under their headings; the columns named in `numbers` are set to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else UNLIMITED).print(table)
