"""The rules file: read with every mistake at once, checked, compared, and changed without touching the rest."""
