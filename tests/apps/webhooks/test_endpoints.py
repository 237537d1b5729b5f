"""Endpoints: who may have one, where it may lead, its secret and its life."""

from datetime import timedelta

import pytest

from apps.accounts.api import OrganizationKind
from apps.integrations.webhooks import errors
from apps.integrations.webhooks.api import (
    EndpointStatus,
    WebhookEndpoint,
    change_endpoint,
    end_overlap,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from apps.integrations.webhooks.services.endpoints import MOST_ENDPOINTS
from apps.kernel.api import AuditEntry, MoveNotAllowed
from tests.factories.accounts import make_company
from tests.factories.webhooks import make_endpoint

URL = "http://127.0.0.1:9000/hook"


def test_a_new_endpoint_is_active_with_a_secret_of_its_own(company, now):
    first = make_endpoint(company, URL, "stock.changed", "fulfilment.created", now=now)
    second = make_endpoint(company, f"{URL}/2", now=now)

    assert first.status == EndpointStatus.ACTIVE
    assert first.event_types == ["fulfilment.created", "stock.changed"]
    assert first.secret.startswith("whsec_")
    assert first.secret != second.secret


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://partner.example/", errors.BadWebhookUrl),
        ("https://user@partner.example/", errors.BadWebhookUrl),
        ("javascript:alert(1)", errors.BadWebhookUrl),
        ("https://10.0.0.8/", errors.WebhookAddressRefused),
        ("https://169.254.169.254/latest/meta-data/", errors.WebhookAddressRefused),
        ("https://[::ffff:192.168.0.1]/", errors.WebhookAddressRefused),
        ("https://0x0a000001/", errors.WebhookAddressRefused),
    ],
)
def test_an_address_that_is_not_called_is_refused(company, now, url, error):
    with pytest.raises(error):
        make_endpoint(company, url, now=now)

    assert not WebhookEndpoint.objects.exists()


def test_without_the_demos_setting_this_machine_is_refused(company, now, settings):
    settings.WEBHOOKS = {"DEADLINE": 1.0, "ALLOW_LOOPBACK": False}

    with pytest.raises(errors.WebhookAddressRefused):
        make_endpoint(company, "https://127.0.0.1:9000/", now=now)
    with pytest.raises(errors.BadWebhookUrl):
        make_endpoint(company, URL, now=now)


@pytest.mark.parametrize("name", ["order.everything", "", "supplier.status_changed"])
def test_an_event_that_is_not_offered_is_refused(db, now, name):
    with pytest.raises(errors.UnknownEventType):
        make_endpoint(make_company(OrganizationKind.DEALER), URL, name, now=now)

    assert not WebhookEndpoint.objects.exists()


def test_an_address_is_taken_once_and_endpoints_are_few(company, now):
    for number in range(MOST_ENDPOINTS - 1):
        make_endpoint(company, f"{URL}/{number}", now=now)
    with pytest.raises(errors.BadWebhookUrl):
        make_endpoint(company, f"{URL}/0", now=now)
    make_endpoint(company, URL, now=now)

    with pytest.raises(errors.TooManyEndpoints):
        make_endpoint(company, f"{URL}/more", now=now)
    assert WebhookEndpoint.objects.count() == MOST_ENDPOINTS


@pytest.mark.parametrize("act", [pause_endpoint, resume_endpoint, remove_endpoint, rotate_secret, end_overlap])
def test_another_organization_finds_nothing(company, now, act):
    endpoint = make_endpoint(company, URL, now=now)
    stranger = make_company(OrganizationKind.SUPPLIER)

    with pytest.raises(errors.EndpointNotFound):
        act(endpoint_id=endpoint.pk, organization_id=stranger.pk, by=None, now=now)

    assert (WebhookEndpoint.objects.get().status, WebhookEndpoint.objects.get().secret) == ("ACTIVE", endpoint.secret)


def test_another_organization_changes_nothing(company, now):
    endpoint = make_endpoint(company, URL, now=now)

    with pytest.raises(errors.EndpointNotFound):
        change_endpoint(
            endpoint_id=endpoint.pk,
            organization=make_company(OrganizationKind.SUPPLIER),
            url=f"{URL}/mine",
            event_types=["stock.changed"],
            note="",
            by=None,
            now=now,
        )

    assert WebhookEndpoint.objects.get().url == URL


def test_a_secret_rotates_with_an_overlap_and_not_twice_within_it(company, now):
    keys = {"endpoint_id": make_endpoint(company, URL, now=now).pk, "organization_id": company.pk, "by": None}
    first = WebhookEndpoint.objects.get().secret
    second = rotate_secret(**keys, now=now)

    assert (second.previous_secret, second.previous_until) == (first, now + timedelta(hours=24))
    assert second.secret != first
    with pytest.raises(errors.RotationInProgress):
        rotate_secret(**keys, now=now + timedelta(hours=23))
    assert WebhookEndpoint.objects.get().secret == second.secret

    ended = end_overlap(**keys, now=now)
    assert (ended.previous_secret, ended.previous_until, ended.secret) == (None, None, second.secret)
    assert rotate_secret(**keys, now=now).previous_secret == second.secret
    assert rotate_secret(**keys, now=now + timedelta(hours=24)).secret not in (first, second.secret)


def test_secrets_are_encrypted_and_leave_no_trace_in_the_trail(company, now):
    endpoint = make_endpoint(company, URL, now=now)
    rotate_secret(endpoint_id=endpoint.pk, organization_id=company.pk, by=None, now=now)

    trail = str(
        list(AuditEntry.objects.filter(table_name="webhooks_webhookendpoint").values_list("changed", flat=True))
    )
    assert "whsec_" not in trail
    assert "url" in trail


def test_the_moves_of_an_endpoint(company, now):
    keys = {
        "endpoint_id": make_endpoint(company, URL, now=now).pk,
        "organization_id": company.pk,
        "by": None,
        "now": now,
    }
    assert pause_endpoint(**keys).status == EndpointStatus.PAUSED
    with pytest.raises(MoveNotAllowed):
        pause_endpoint(**keys)
    assert resume_endpoint(**keys).status == EndpointStatus.ACTIVE
    with pytest.raises(MoveNotAllowed):
        resume_endpoint(**keys)
    assert remove_endpoint(**keys).status == EndpointStatus.REMOVED
    with pytest.raises(errors.EndpointNotFound):
        resume_endpoint(**keys)
