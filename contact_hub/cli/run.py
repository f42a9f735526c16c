"""`contact-hub run`: the whole hub on this machine."""

import click


@click.command()
@click.option("--demo", is_flag=True, help="Fill the desk with invented contacts of Lindervelde, through the real doors.")
@click.option("--port", type=int, help="The port of the pages; 8080, or the next free one, otherwise.")
@click.option("--admin", metavar="EMAIL", help="Also make an administrator with this address, and show the password once.")
def run(demo: bool, port: int | None, admin: str | None) -> None:
    """Run the whole hub on this machine.

    Nothing else is needed: it brings its database and news server along, and starts web, worker, schedule and mailbox
    watcher. Use it to look around (--demo) or for a small town. Data and logs are kept in the folder var
    (CONTACT_HUB_VAR). What dies is started again; Ctrl-C stops everything. The demo keeps to itself: an own database,
    and no mail ever leaves this machine.

    \b
    Examples:
      contact-hub run --demo
      contact-hub run --admin els@lindervelde.example
    """
    from contact_hub.running.hub import run_hub

    run_hub(demo=demo, port=port, admin=admin or "")
