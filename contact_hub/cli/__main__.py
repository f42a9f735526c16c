"""Lets `python -m contact_hub.cli` do what `contact-hub` does."""

from contact_hub.cli import main

main(prog_name="contact-hub")
