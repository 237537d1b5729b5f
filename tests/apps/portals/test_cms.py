"""Editors write stories; nobody else gets in."""

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from apps.accounts.api import Role
from apps.portals.cms.models import StoryPage
from apps.portals.cms.services import give_editors_their_pages


@pytest.fixture
def editor(shop, sign_in):
    give_editors_their_pages()
    return sign_in(Role.CMS_EDITOR, shop.headquarters)


def test_an_editor_publishes_a_story_that_visitors_read(editor, client):
    home = Site.objects.get().root_page
    form = {
        "title": "在路上",
        "slug": "on-the-road",
        "introduction": "从湖州到杭州。",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "heading",
        "body-0-id": "",
        "body-0-value": "清晨出发",
        "action-publish": "1",
    }

    answer = editor.post(reverse("wagtailadmin_pages:add", args=["cms_portal", "storypage", home.pk]), form)

    assert answer.status_code == 302
    assert StoryPage.objects.live().get().title == "在路上"
    page = client.get("/on-the-road/")
    assert page.status_code == 200
    assert "清晨出发" in page.content.decode()


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.DEALER_MANAGER, Role.SUPPLIER])
def test_nobody_else_edits(shop, sign_in, role):
    assert sign_in(role).get(reverse("wagtailadmin_home"), follow=True).status_code == 403
    assert not Page.objects.type(StoryPage).exists()
