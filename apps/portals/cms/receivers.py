"""What follows when the tables are up to date."""

from typing import Any

from apps.portals.cms.services import give_editors_their_pages


def after_migrate(*, app_config: Any, using: str, **kwargs: Any) -> None:
    """Run once, after the last app that brings a permission: Wagtail's own come before its core is announced last."""
    if app_config.label == "wagtailcore":
        give_editors_their_pages()
