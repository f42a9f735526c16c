"""Takes the pictures of docs/screenshots: ten states of the demo, wide and narrow, light and dark."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from contact_hub.settings import DEMO_PASSWORD
from tests.servers.processes import free_port, wait_until

HERE = Path(__file__).parents[1] / "docs" / "screenshots"
WIDTHS = {"1280": 900, "390": 844}
ARRIVED = 20  # tickets, before the first picture is taken


def ticket(page: Page) -> None:
    """The most urgent ticket."""
    page.goto("/desk/inbox?view=open")
    page.locator(".line-link").first.click()
    page.wait_for_url("**/tickets/*")


def hand_over(page: Page) -> None:
    """A ticket about to be handed over."""
    ticket(page)
    page.locator("#work-hand-overs summary").click()
    page.locator("#work-hand-overs").scroll_into_view_if_needed()


STATES: dict[str, tuple[str, Callable[[Page], object]]] = {
    "sign-in": ("", lambda page: page.goto("/sign-in")),
    "inbox": ("anna", lambda page: page.goto("/desk/inbox?view=open")),
    "ticket": ("anna", ticket),
    "hand-over": ("anna", hand_over),
    "search": ("anna", lambda page: page.goto("/desk/search?q=straat")),
    "call": ("anna", lambda page: page.goto("/calls/new")),
    "figures": ("sofie", lambda page: page.goto("/figures")),
    "rules": ("sofie", lambda page: page.goto("/rules")),
    "people": ("lies", lambda page: page.goto("/admin/people")),
    "form": ("", lambda page: page.goto("/forms/street")),
}


def take(browser: Browser, address: str) -> None:
    """Every state, as a picture of its first screen."""
    HERE.mkdir(parents=True, exist_ok=True)
    signed_in = {who: state_of(browser, address, who) for who in sorted({who for who, _ in STATES.values() if who})}
    for scheme in ("light", "dark"):
        for width, height in WIDTHS.items():
            for name, (who, go) in STATES.items():
                context = browser.new_context(
                    base_url=address,
                    viewport={"width": int(width), "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    locale="nl-BE",
                    reduced_motion="reduce",
                    storage_state=signed_in.get(who),
                )
                page = context.new_page()
                go(page)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=HERE / f"{name}-{width}-{scheme}.jpg", type="jpeg", quality=72)
                context.close()


def state_of(browser: Browser, address: str, who: str) -> StorageState:
    """The cookies of this person, who signs in once: more often is taken for guessing."""
    context = browser.new_context(base_url=address)
    enter(context.new_page(), who)
    state = context.storage_state()
    context.close()
    return state


def enter(page: Page, who: str) -> None:
    """Signs an invented person in."""
    page.goto("/sign-in")
    page.locator("input[name=email]").first.fill(f"{who}@lindervelde.example")
    page.locator("#field-password").fill(DEMO_PASSWORD)
    page.locator("#field-password").press("Enter")
    page.locator("#person-menu").wait_for()


def main() -> None:
    """Starts a demo of its own, waits until its contacts came in, and takes the pictures."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-headless-shell")
    if chromium is None:
        sys.exit("There is no Chromium on this machine; install it, and run make screenshots again.")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "contact_hub.cli", "run", "--demo", "--port", str(port)]
        hub = subprocess.Popen(  # noqa: S603 - our own command
            command, env={"CONTACT_HUB_VAR": folder, "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL
        )
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                address = f"http://127.0.0.1:{port}"
                wait_until(lambda: is_ready(address), seconds=120, otherwise=AssertionError)
                context = browser.new_context(base_url=address, storage_state=state_of(browser, address, "anna"))
                wait_until(lambda: arrived(context) >= ARRIVED, seconds=120, otherwise=AssertionError)
                take(browser, address)
                browser.close()
        finally:
            hub.terminate()
            hub.wait()


def is_ready(address: str) -> bool:
    """Whether all parts of the hub are there."""
    try:
        with urlopen(f"{address}/health/ready", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def arrived(context: BrowserContext) -> int:
    """How many tickets the desk shows."""
    page = context.new_page()
    page.goto("/desk/inbox?view=open")
    number = page.locator(".line-link").count()
    page.close()
    return number


if __name__ == "__main__":
    main()
