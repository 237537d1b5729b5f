"""What members want to be told of, and when a telephone may ring."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.notifications.api import (
    TEMPLATES,
    Message,
    Preference,
    Topic,
    deliver_message,
    set_preference,
    tell_user,
    wants,
)
from apps.notifications.policies import after_the_night
from tests.factories.accounts import make_user

DUE = {"car": "X", "vin": "…1", "work": "W", "day": "2026-06-20", "km": "20,000", "link": "https://shop.example/"}
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def person(db):
    return make_user(phone="+8613800138000")


def tell(person, now, template="service_due", **context):
    tell_user(person, template=template, context={**DUE, **context}, key="cause", now=now)
    return Message.objects.filter(template=template)


def test_without_a_word_they_want_it_and_the_last_word_counts(person, now):
    assert wants(person, Topic.SERVICE_DUE)
    for is_wanted in (False, True, False):
        set_preference(user=person, topic=Topic.SERVICE_DUE, is_wanted=is_wanted, now=now)
        assert wants(person, Topic.SERVICE_DUE) is is_wanted
    assert Preference.objects.count() == 1
    assert wants(make_user(), Topic.SERVICE_DUE)


def test_nothing_is_told_of_what_was_switched_off_and_the_rest_is(person, now):
    set_preference(user=person, topic=Topic.SERVICE_DUE, is_wanted=False, now=now)

    assert not tell(person, now).exists()
    assert tell(person, now, template="recall_notice", title="T").exists()


def test_an_unknown_topic_cannot_be_kept(person, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=person, topic="ALL", is_wanted=False, changed_at=now)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2026-06-10T20:59:59", "2026-06-10T20:59:59"),
        ("2026-06-10T21:00:00", "2026-06-11T08:00:00"),
        ("2026-06-11T03:00:00", "2026-06-11T08:00:00"),
        ("2026-06-11T07:59:59", "2026-06-11T08:00:00"),
        ("2026-06-11T08:00:00", "2026-06-11T08:00:00"),
        ("2026-12-31T23:30:00", "2027-01-01T08:00:00"),
    ],
)
def test_the_night_is_from_nine_to_eight_by_the_readers_clock(at, goes):
    moment, expected = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (at, goes))

    assert after_the_night(moment, SHANGHAI) == expected


def test_a_text_of_the_night_is_sent_in_the_morning(person, sms):
    night = datetime(2026, 6, 10, 23, 15, tzinfo=SHANGHAI)
    text = tell(person, night).get(channel="sms")

    assert deliver_message(message_id=text.pk, now=night) is None
    assert not sms.sent
    assert deliver_message(message_id=text.pk, now=datetime(2026, 6, 11, 8, tzinfo=SHANGHAI)).status == "SENT"


def test_what_cannot_wait_rings_at_night(person):
    night = datetime(2026, 6, 10, 23, 15, tzinfo=SHANGHAI)

    assert tell(person, night, template="recall_notice", title="T").get(channel="sms").next_attempt_at == night
    assert {name for name, one in TEMPLATES.items() if one.keeps_night} == {
        "service_due",
        "loan_expiring",
        "trade_in_expiring",
    }


def test_the_switch_lies_with_the_messages(person, client):
    client.force_login(person)
    page = reverse("shop:inbox")
    assert client.get(page).context["form"].initial == {"service_due": True}

    assert client.post(page, {}).status_code == 302
    assert not wants(person, Topic.SERVICE_DUE)
    assert client.get(page).context["form"].initial == {"service_due": False}
    client.post(page, {"service_due": "on"})
    assert wants(person, Topic.SERVICE_DUE)
