"""The pages of the rules: what decides, the editions so far, and the drafts of the next one."""

from contact_hub.web.rules import before_after, drafts, editions, page, rule  # noqa: F401 - each adds its pages to the blueprint
from contact_hub.web.rules.part import blueprint, menu

__all__ = ["blueprint", "menu"]
