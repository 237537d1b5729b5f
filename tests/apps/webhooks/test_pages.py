"""The pages of both portals: managers only, one's own only, refusals told beside the field."""

import pytest
from django.urls import reverse

from apps.accounts.api import OrganizationKind, Role
from apps.integrations.webhooks.api import DeliveryStatus, WebhookDelivery, WebhookEndpoint, deliver
from tests.factories.accounts import make_company
from tests.factories.webhooks import make_endpoint


@pytest.fixture(autouse=True)
def _without_second_factor(settings, db):
    settings.MFA_REQUIRED_ROLES = []


@pytest.fixture
def manager(sign_in, company):
    return sign_in(Role.SUPPLIER, company)


def page(client, name, *args, **values):
    """The page a POST leads to, or the page itself."""
    url = reverse(f"supplier-webhooks{name}", args=args)
    return client.post(url, values, follow=True) if values else client.get(url)


def test_a_manager_sets_a_webhook_up_tests_it_and_reads_the_log(manager, receiver, now):
    assert "No webhook yet" in page(manager, "").content.decode()
    made = page(manager, "-new", url=receiver.url, note="Our ERP", event_types=["stock.changed"])
    endpoint = WebhookEndpoint.objects.get()
    assert "Our ERP" in made.content.decode()
    assert endpoint.secret not in made.content.decode()
    shown = page(manager, "-secret", endpoint.pk, show="1").content.decode()
    assert endpoint.secret in shown
    receiver.secrets.append(endpoint.secret)

    sent = page(manager, "-ping", endpoint.pk, x="1").content.decode()
    assert "webhook.ping" in sent
    deliver(delivery_id=WebhookDelivery.objects.get().pk, now=WebhookDelivery.objects.get().next_attempt_at)

    assert receiver.verified[0]["type"] == "webhook.ping"
    log = page(manager, "-endpoint", endpoint.pk).content.decode()
    assert "204" in log
    read = page(manager, "-delivery", WebhookDelivery.objects.get().pk).content.decode()
    assert "127.0.0.1" in read
    page(manager, "-replay", WebhookDelivery.objects.get().pk, x="1")
    assert WebhookDelivery.objects.get().status == DeliveryStatus.PENDING


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"url": "https://10.0.0.1/", "event_types": ["stock.changed"]}, "private network"),
        ({"url": "http://partner.example/", "event_types": ["stock.changed"]}, "must begin with https"),
        ({"url": "", "event_types": ["stock.changed"]}, "required"),
        ({"url": "http://127.0.0.1:9000/"}, "Choose at least one"),
        ({"url": "http://127.0.0.1:9000/", "event_types": ["no.such"]}, "no.such"),
        ({"url": "http://127.0.0.1:9000/", "note": "x" * 121, "event_types": ["stock.changed"]}, "120"),
    ],
)
def test_bad_input_is_told_and_the_input_kept(manager, values, words):
    answer = manager.post(reverse("supplier-webhooks-new"), values)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert values["url"] in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_webhook_is_changed_paused_rotated_and_removed(manager, company, now):
    endpoint = make_endpoint(company, "http://127.0.0.1:9000/", now=now)
    page(manager, "-change", endpoint.pk, url="http://127.0.0.1:9001/", event_types=["offer.changed"])
    assert "Paused" in page(manager, "-move", endpoint.pk, "pause", x="1").content.decode()
    assert "no longer possible" in page(manager, "-move", endpoint.pk, "pause", x="1").content.decode()
    page(manager, "-move", endpoint.pk, "resume", x="1")
    page(manager, "-secret", endpoint.pk, act="rotate")
    changed = WebhookEndpoint.objects.get()
    assert (changed.url, changed.event_types) == ("http://127.0.0.1:9001/", ["offer.changed"])
    assert changed.previous_secret == endpoint.secret
    page(manager, "-secret", endpoint.pk, act="end-overlap")
    assert WebhookEndpoint.objects.get().previous_secret is None

    gone = page(manager, "-move", endpoint.pk, "remove", x="1")
    assert "The webhook was removed." in gone.content.decode()
    assert page(manager, "-endpoint", endpoint.pk).status_code == 404


def test_another_supplier_finds_nothing_on_any_page(sign_in, company, now):
    endpoint = make_endpoint(company, "http://127.0.0.1:9000/", now=now)
    delivery = WebhookDelivery.objects.create(
        endpoint=endpoint, message_id="m", event_type="x", body="{}", next_attempt_at=now, occurred_at=now
    )
    stranger = sign_in(Role.SUPPLIER)
    gets = [("-endpoint", endpoint.pk), ("-change", endpoint.pk), ("-delivery", delivery.pk)]
    posts = [
        *(("-secret", endpoint.pk), ("-ping", endpoint.pk), ("-replay", delivery.pk), ("-change", endpoint.pk)),
        *(("-move", endpoint.pk, move) for move in ("pause", "remove", "nonsense")),
    ]

    assert {page(stranger, *route).status_code for route in gets} == {404}
    for name, *args in posts:
        for values in ({"act": "rotate"}, {"url": "http://127.0.0.1:1234/", "event_types": ["stock.changed"]}):
            assert page(stranger, name, *args, **values).status_code == 404
    replayed = page(stranger, "-replay-since", endpoint.pk, since="2026-01-01T00:00")
    assert replayed.status_code == 404
    assert WebhookEndpoint.objects.get().status == "ACTIVE"
    assert endpoint.url not in page(stranger, "").content.decode()


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.DEALER_MANAGER, Role.DEALER_CLERK, Role.HQ_OPERATOR])
def test_other_roles_do_not_enter(sign_in, role):
    assert page(sign_in(role), "").status_code == 403


def test_a_dealers_manager_has_the_same_pages_and_a_clerk_has_not(sign_in, now):
    dealer = make_company(OrganizationKind.DEALER)
    manager, clerk = sign_in(Role.DEALER_MANAGER, dealer), sign_in(Role.DEALER_CLERK, dealer)
    manager.post(
        reverse("dealer-webhooks-new"), {"url": "http://127.0.0.1:9000/", "event_types": ["fulfilment.created"]}
    )

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.organization == dealer
    assert manager.get(reverse("dealer-webhooks-endpoint", args=[endpoint.pk])).status_code == 200
    assert clerk.get(reverse("dealer-webhooks")).status_code == 403
    events = manager.get(reverse("dealer-webhooks-events")).content.decode()
    assert "fulfilment.created" in events
    assert "offer.changed" not in events
