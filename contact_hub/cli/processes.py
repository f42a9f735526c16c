"""`contact-hub web`, `worker`, `schedule`, `mailbox`: one process each, for those who run the hub in parts."""

import socket
import sys
from typing import TYPE_CHECKING

import click

from contact_hub.cli.plainly import Stop
from contact_hub.cli.reconcile import reconcile

if TYPE_CHECKING:
    from contact_hub.settings import Settings

GRACE = 25  # seconds that requests get to end when the web process is stopped
TURN = 0.0005  # seconds a page may compute before the news to open desks has its turn: each of hundreds of sends waits for one
WAITING = 2048  # connections that may wait to be accepted


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8080, show_default=True, help="The port to listen on.")
def web(host: str, port: int) -> None:
    """Serve the pages, the API, the forms and the live news.

    Use it in production, as often as you like side by side behind one proxy; `contact-hub run` starts one by itself.

    \b
    Example:
      contact-hub web --host 0.0.0.0 --port 8080
    """
    listening = _listen(host, port)
    from contact_hub.cli.binding import bound

    settings = bound(migrated=False)  # it may start beside `init`, and says at /health/ready when it can serve
    _assets_are_built()
    _serve(settings, listening)


@click.command()
def worker() -> None:
    """Do what is slow: send mail, and try again what was set aside.

    Use it in production beside `contact-hub web`, as often as there is work; any of them may be killed at any moment.

    \b
    Example:
      contact-hub worker
    """
    from contact_hub.cli.binding import bound

    settings = bound()
    from workers import jobs

    jobs.work(settings)


@click.command()
def schedule() -> None:
    """Start what is due at its time.

    It wakes a worker for mail that is due, and puts the rules file in force when it changed. Use it in production once;
    a second one waits and takes over when the first is gone.

    \b
    Example:
      contact-hub schedule
    """
    from contact_hub.cli.binding import bound

    settings = bound()
    from workers import schedule as plan

    plan.run(settings)


@click.group(invoke_without_command=True)
@click.pass_context
def mailbox(context: click.Context) -> None:
    """Watch the mailboxes and take in what arrives.

    Use it in production once; a second one waits and takes over when the first is gone. CONTACT_HUB_MAILBOXES names the
    mailboxes, blanks between them.

    \b
    Example:
      CONTACT_HUB_MAILBOXES='imaps://onthaal:secret@mail.lindervelde.example/INBOX' contact-hub mailbox
    """
    if context.invoked_subcommand:
        return
    from contact_hub.cli.binding import bound

    settings = bound()
    if not settings.mailboxes:
        raise Stop("CONTACT_HUB_MAILBOXES is not set. Name a mailbox, for example imaps://user:password@host/INBOX.")
    from workers import mailbox as watcher

    watcher.run(settings)


mailbox.add_command(reconcile)


def _listen(host: str, port: int) -> socket.socket:
    """A socket on this address; taken before anything slow is loaded, so that a busy port is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Stop(f"{host} port {port} can't be listened on: {error.strerror}. Choose another with --port.") from error
    listening.set_inheritable(True)
    return listening


def _assets_are_built() -> None:
    from contact_hub.settings import HERE

    if not (HERE / "contact_hub/web/static/built/desk.js").exists():
        raise Stop("The desk's scripts are not built. Run `make setup` first.")


def _serve(settings: "Settings", listening: socket.socket) -> None:
    import uvicorn

    from contact_hub.app import create_asgi
    from contact_hub.memory import look_for_cycles_rarely, looking_for_cycles

    config = uvicorn.Config(
        looking_for_cycles(create_asgi(settings)),
        backlog=WAITING,
        access_log=False,
        log_config=None,
        log_level="warning",  # what it says beyond that names the addresses of visitors
        lifespan="off",
        ws="websockets-sansio",
        proxy_headers=True,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        ws_per_message_deflate=False,  # a tenth of the time of a hub with 200 desks, for a few kB a second to each
    )
    sys.setswitchinterval(TURN)
    look_for_cycles_rarely(between_answers=True)
    uvicorn.Server(config).run(sockets=[listening])
