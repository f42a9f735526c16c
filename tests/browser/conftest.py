"""A real Chromium in front of a real web process, with live news over a Redis-compatible server."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from contact_hub.agents import Agent
from contact_hub.database import Session
from tests import builders
from tests.browser.signing_in import sign_in
from tests.web.serving import serving

# The first that is installed. That without windows reads and draws pages as the others do, with a good deal less work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

# What the browser goes without. Of several such lists the last counts, so that of Playwright stands here too; besides it the
# list below the address line, a page of the browser's own that takes each new window longer to draw than ours do, and the
# process that waits for a next site.
WITHOUT = (
    *("AimEnabled", "NetworkTimeServiceQuerying", "OptimizationHints", "PreconnectToSearch"),  # ask servers elsewhere
    *("AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "PaintHolding"),
    "ThirdPartyStoragePartitioning",
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess"),
)
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What lies partly below the verbs, which stay in sight, is measured where it comes to when it has the focus.
LOOK = """async ([standards, scheme]) => {
  if (scheme === "dark") {
    const colours = axe.getRules(["cat.color"]).filter((rule) => rule.tags.some((tag) => standards.includes(tag)));
    const only = { type: "rule", values: colours.map((rule) => rule.ruleId) };
    return (await axe.run(document, { preload: false, resultTypes: ["violations"], runOnly: only })).violations;
  }
  const tooSmall = (rules) => rules.find((rule) => rule.id === "target-size");
  const asked = { preload: false, resultTypes: ["violations"], runOnly: { type: "tag", values: standards } };
  const { violations } = await axe.run(document, asked);
  const small = tooSmall(violations);
  if (!small) return violations;
  const still = [];
  for (const node of small.nodes) {
    const target = document.querySelector(node.target.at(-1));
    target.scrollIntoView({ block: "nearest" });
    const again = await axe.run(target, { preload: false, runOnly: { type: "rule", values: ["target-size"] } });
    still.push(...(tooSmall(again.violations)?.nodes ?? []));
  }
  small.nodes = still;
  return violations;
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that stands here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's own browser; the tests pass by where there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        told = ["--no-sandbox", "--disable-dev-shm-usage", "--accept-lang=en", f"--disable-features={','.join(WITHOUT)}"]
        browser = playwright.chromium.launch(executable_path=path, args=told)
        yield browser
        browser.close()


@pytest.fixture
def hub(sqlite_url: str, redis_url: str) -> Iterator[str]:
    """The address of a web process that serves the small Lindervelde."""
    with serving(sqlite_url, redis_url) as address:
        yield address


@pytest.fixture
def context(chromium: Browser, hub: str) -> Iterator[BrowserContext]:
    """In which nothing that the desk does may be against its own Content Security Policy."""
    context = chromium.new_context(base_url=hub, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    yield context
    context.close()
    assert [each for each in said if "Content Security Policy" in each] == []


@pytest.fixture
def agent(hub: str) -> Agent:
    """Anna of the contact centre, who reads English."""
    with Session.begin() as session:
        anna = builders.an_agent(session, "agent", "onthaal", "wegen")
        anna.language = "en"
    return anna


@pytest.fixture
def desk(context: BrowserContext, agent: Agent) -> Page:
    """The page of a browser in which Anna is signed in; she is nowhere yet."""
    page = context.new_page()
    sign_in(page, agent)
    return page


def barriers(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now, in light and in dark: the rule and the element.

    In dark the rules on colours alone are asked: our stylesheets have no `@media` for it, only `light-dark()` in their tokens,
    so that all other rules read the same there.
    """
    page.evaluate(AXE.read_text("utf-8"))
    return [f"{scheme}: {found}" for scheme in ("light", "dark") for found in _barriers(page, scheme)]


def _barriers(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    found = page.evaluate(LOOK, [STANDARDS, scheme])
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}" for rule in found for node in rule["nodes"]]
