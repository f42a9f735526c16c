"""The guides name everything there is to name."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contact_hub.database import reading
from contact_hub.figures.formulas import BY_ID, Figure
from contact_hub.web.metrics import FAMILIES
from tests.application import an_application, settings_for

DOCS = Path(__file__).parent.parent / "docs"
GUIDES = [*DOCS.parent.glob("*.md"), *DOCS.glob("*.md")]


@pytest.mark.parametrize("figure", BY_ID.values(), ids=lambda figure: figure.id)
def test_every_figure_stands_in_the_guide_with_its_version(figure: Figure) -> None:
    assert f"`{figure.formula}`" in (DOCS / "figures.md").read_text("utf-8")


def test_every_metric_stands_in_the_guide(database: Engine, database_url: str, redis_url: str) -> None:
    guide = (DOCS / "operations.md").read_text("utf-8")
    hub = an_application(settings_for(database_url, redis_url))
    with hub.app_context(), reading() as session:
        names = {
            f"`{metric.name}_total" if metric.type == "counter" else f"`{metric.name}"
            for family in FAMILIES
            for metric in family(session)
        }

    assert {name for name in names if name not in guide} == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_what_a_guide_points_at_is_there(guide: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", guide.read_text("utf-8"))
    assert [target for target in targets if "://" not in target and not (guide.parent / target).exists()] == []
