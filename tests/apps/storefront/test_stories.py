"""Pages that editors publish, in the shop's look."""

import pytest
from wagtail.models import Page, Site

from apps.portals.cms.models import StoryPage


@pytest.fixture
def story(db) -> StoryPage:
    """A published story under the site's first page."""
    root = Site.objects.get(is_default_site=True).root_page if Site.objects.exists() else Page.get_first_root_node()
    story = StoryPage(
        title="去山里过周末",
        slug="weekend",
        introduction="带上帐篷和一壶茶。",
        body=[("heading", "出发"), ("text", "<p>清晨六点。<script>alert(1)</script></p>"), ("quote", "慢一点。")],
    )
    root.add_child(instance=story)
    story.save_revision().publish()
    return story


def test_a_story_stands_in_the_shops_look_and_runs_no_script(story, visitor):
    answer = visitor.get("/weekend/")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1>去山里过周末</h1>" in page
    assert "shop.css" in page
    assert "alert(1)</script>" not in page
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_story_that_is_not_published_is_not_found(story, visitor):
    story.unpublish()

    assert visitor.get("/weekend/").status_code == 404
