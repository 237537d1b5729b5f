"""What organizations are told, and the thread with headquarters."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.api import Role
from apps.notifications.api import (
    Notice,
    ThreadMessage,
    answer_organization,
    count_unread,
    list_notices,
    list_thread,
    mark_read,
    notify_organization,
    say_to_headquarters,
)
from apps.notifications.errors import NothingSaid, UnknownNotice
from apps.notifications.notices import words_of
from tests.factories.accounts import make_member, make_user
from tests.factories.dealers import make_supplier

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def organization():
    return make_supplier().organization


@pytest.fixture
def user():
    return make_user()


def tell(organization, **changes):
    """Put a notice of a new order on the board."""
    values = {"code": "new_order", "dedupe_key": "k1", "context": {"number": "XC1"}, "link": "/supplier/", "now": NOW}
    return notify_organization(organization_id=organization.pk, **{**values, **changes})


def test_a_notice_is_there_once_in_the_readers_words(organization, user):
    assert tell(organization) == tell(organization)

    (notice,) = list_notices(organization_id=organization.pk, user_id=user.pk)
    assert ("XC1" in notice.title, notice.link, notice.is_new) == (True, "/supplier/", True)


def test_an_unknown_notice_is_refused(organization):
    with pytest.raises(UnknownNotice):
        tell(organization, code="nonsense")

    assert not Notice.objects.exists()


def test_a_notice_of_a_newer_version_reads_as_itself():
    assert words_of("from_the_future", {}) == ("from_the_future", "")
    assert "%" not in words_of("new_order", {})[0]


def test_what_was_seen_is_no_longer_counted_for_that_reader_alone(organization, user):
    tell(organization)
    answer_organization(organization_id=organization.pk, text="Hello", by=None, now=NOW)
    say_to_headquarters(organization_id=organization.pk, text="Hello back", by=user, now=NOW)
    other = make_user()
    assert count_unread(organization_id=organization.pk, user_id=user.pk) == 2

    mark_read(organization_id=organization.pk, user_id=user.pk, now=NOW + timedelta(seconds=1))

    assert count_unread(organization_id=organization.pk, user_id=user.pk) == 0
    assert count_unread(organization_id=organization.pk, user_id=other.pk) == 2


def test_a_thread_is_read_from_the_oldest_and_is_the_organizations_own(organization, user):
    say_to_headquarters(organization_id=organization.pk, text=" First ", by=user, now=NOW)
    answer_organization(organization_id=organization.pk, text="Second", by=None, now=NOW + timedelta(minutes=1))
    stranger = make_supplier().organization

    assert [said.text for said in list_thread(organization_id=organization.pk)] == ["First", "Second"]
    assert list_thread(organization_id=stranger.pk) == []
    assert list_notices(organization_id=stranger.pk, user_id=user.pk) == []


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001, "a\x00b"])
def test_nothing_and_too_much_are_refused(organization, user, text):
    with pytest.raises(NothingSaid):
        say_to_headquarters(organization_id=organization.pk, text=text, by=user, now=NOW)

    assert not ThreadMessage.objects.exists()


def test_headquarters_answer_in_the_admin_and_auditors_only_read(organization, settings):
    settings.MFA_REQUIRED_ROLES = []
    operator, auditor = Client(), Client()
    operator.force_login(make_member(Role.HQ_OPERATOR))
    auditor.force_login(make_member(Role.HQ_AUDITOR))
    address = reverse("admin:notifications_threadmessage_add")

    refused = auditor.post(address, {"organization": organization.pk, "text": "Hello"})
    answer = operator.post(address, {"organization": organization.pk, "text": "Hello"})

    assert (refused.status_code, answer.status_code) == (403, 302)
    (said,) = list_thread(organization_id=organization.pk)
    assert (said.text, said.is_from_headquarters) == ("Hello", True)
    assert operator.get(reverse("admin:notifications_threadmessage_changelist")).status_code == 200
