"""Headquarters: the overview of service, a car's page, and an auditor who only reads."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from apps.accounts.api import Role
from apps.aftersales import api
from apps.kernel.api import Money
from apps.portals.staff.queues import list_queues
from tests.factories.accounts import make_member, make_user
from tests.factories.aftersales import book_visit, make_entitlement, make_item, make_owner
from tests.factories.dealers import make_store

ADMIN = "/admin/aftersales/"


@pytest.fixture
def hq(db, settings):
    settings.MFA_REQUIRED_ROLES = []
    client = Client()
    client.force_login(make_member(Role.HQ_OPERATOR), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def waiting_at_hq(now):
    """What waits on the back office's first page."""
    with override("en"):
        return {str(queue.title): queue.number for queue in list_queues(now=now)}


def test_counts_what_each_dealer_s_workshops_did(at_work, keys, owner, vehicle, item, now):
    line = make_entitlement(holder=owner, vehicle=vehicle, now=now).lines.get()
    visit = at_work(services=[api.Wish(code=item.code, entitlement_line_id=line.pk)])
    for approves in (True, False):
        finding = api.add_finding(**keys(visit), text="雨刮老化", urgency="SOON")
        api.propose_work(**keys(visit), finding_id=finding.pk, labour=Decimal(60))
        api.answer_finding(reference=visit.reference, finding_id=finding.pk, approves=approves, by=owner, now=now)
    waiting = api.add_finding(**keys(visit), text="胎压偏低", urgency="WATCH")
    api.propose_work(**keys(visit), finding_id=waiting.pk, labour=Decimal(20))
    assert api.get_service_overview(now=now).answers == 1
    assert {"Proposals without an answer": 1, "Work orders to be paid": 0}.items() <= waiting_at_hq(now).items()
    api.answer_finding(reference=visit.reference, finding_id=waiting.pk, approves=False, by=owner, now=now)
    api.finish_work(**keys(visit))
    assert {"Proposals without an answer": 0, "Work orders to be paid": 1}.items() <= waiting_at_hq(now).items()
    book_visit(make_store(), member=make_owner(), now=now)

    overview = api.get_service_overview(now=now + timedelta(hours=1))

    mine, other = overview.houses
    assert (mine.done, mine.unpaid, mine.at_work, mine.proposed, mine.approved) == (1, 1, 0, 3, 1)
    assert (mine.redeemed, mine.earned) == (1, Money.of("200.00"))
    assert (other.ahead, other.done, other.earned) == (1, 0, Money.of(0))
    assert (overview.answers, overview.packages, overview.ending, overview.cars) == (0, 1, 0, 2)


def test_counts_a_recall_s_cars_those_on_the_road_and_those_put_right(vehicle, now):
    words = dict.fromkeys(("title_zh", "title_en", "body_zh", "body_en", "source"), "卡扣")
    recall = api.Recall.objects.create(code="R-1", item=make_item("CLIP"), **words)
    api.add_recall_cars(recall_id=recall.pk, vins=[vehicle.vin, "1M8GDM9AXKP042788"], now=now)
    assert api.get_service_overview(now=now).recalls == []
    api.publish_recall(recall_id=recall.pk, by=None, now=now)
    api.RecallCar.objects.filter(vin=vehicle.vin).update(done_at=now)

    figures = api.get_service_overview(now=now).recalls

    assert [(one.cars, one.on_the_road, one.done, one.percent) for one in figures] == [(2, 1, 1, 50)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_headquarters_reads_the_overview_and_what_covers_a_car(hq, store, now, language):
    headers = {"Accept-Language": language}
    assert hq.get(f"{ADMIN}servicevisit/overview/", headers=headers).status_code == 200
    visit = book_visit(store, member=make_owner(), now=now)
    words = dict.fromkeys(("title_zh", "title_en", "body_zh", "body_en", "source"), "卡扣")
    recall = api.Recall.objects.create(code="R-1", item=make_item("CLIP"), **words)
    api.add_recall_cars(recall_id=recall.pk, vins=[visit.vehicle.vin], now=now)
    api.publish_recall(recall_id=recall.pk, by=None, now=now)

    assert "R-1" in hq.get(f"{ADMIN}servicevisit/overview/", headers=headers).content.decode()
    page = hq.get(f"{ADMIN}vehicle/{visit.vehicle_id}/change/", headers=headers).content.decode()
    assert "R-1" in page
    assert "60,000 km" in page


def test_nobody_else_reads_it(db, client, settings):
    client.force_login(make_user(), backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert client.get(f"{ADMIN}servicevisit/overview/").status_code != 200


@pytest.mark.parametrize("page", ["servicevisit/overview/", "servicevisit/", "vehicle/"])
def test_one_line_of_the_side_bar_is_lit(hq, page):
    groups = hq.get(f"{ADMIN}{page}").context["sidebar_navigation"]

    assert [str(line["link"]) for group in groups for line in group["items"] if line.get("active")] == [
        f"{ADMIN}{page}"
    ]
