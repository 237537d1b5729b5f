"""Opening accounts."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from apps.accounts.api import User, create_user_account, update_profile
from apps.accounts.errors import AddressRequired, EmailTaken, InvalidPhone, PhoneTaken, UnknownLanguage
from apps.accounts.services.users import set_phone
from apps.kernel.api import OutboxEvent
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def test_opens_an_account_that_signs_in_with_either_address(now):
    user = create_user_account(
        email="Li.Na@Example.com", password="long-enough-secret", display_name="李娜", phone="138 0013 8000", now=now
    )

    assert (user.email, user.phone, user.is_phone_verified) == ("li.na@example.com", "+8613800138000", True)
    assert user.check_password("long-enough-secret")
    assert (user.is_staff, user.is_superuser, user.date_joined) == (False, False, now)
    assert EmailAddress.objects.get(user=user).verified
    assert [event.payload for event in OutboxEvent.objects.filter(name="accounts.user_registered.v1")] == [
        {"user_id": user.pk}
    ]


def test_stores_the_phone_encrypted_and_finds_it_however_it_is_written(now):
    user = make_user(phone="13800138000")

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM accounts_user WHERE id = %s", [user.pk])
        stored, index = cursor.fetchone()
    assert "13800138000" not in stored + index
    assert User.objects.get_by_phone("+86 138-0013-8000") == user
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_phone("not a number")


@pytest.mark.parametrize(
    "changes, refusal",
    [
        ({"email": None, "phone": None}, AddressRequired),
        ({"phone": "12345"}, InvalidPhone),
        ({"language": "fr"}, UnknownLanguage),
        ({"email": "TAKEN@example.com"}, EmailTaken),
        ({"phone": "+8613900139000"}, PhoneTaken),
    ],
)
def test_refuses_and_opens_nothing(changes, refusal, now):
    make_user("taken@example.com", phone="13900139000")
    facts = OutboxEvent.objects.count()

    with pytest.raises(refusal):
        create_user_account(**{"email": "new@example.com", "password": "x", "display_name": "", "now": now, **changes})

    assert User.objects.count() == 1
    assert OutboxEvent.objects.count() == facts


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda user, now: update_profile(user_id=user.pk, language="fr", by=None, now=now), UnknownLanguage),
        (lambda user, now: set_phone(user_id=user.pk, phone="12345", verified=True, now=now), InvalidPhone),
    ],
)
def test_refuses_a_change_that_cannot_be_and_keeps_what_was(change, refusal, now):
    user = make_user(phone="13900139000", language="en")

    with pytest.raises(refusal):
        change(user, now)

    user = User.objects.get(pk=user.pk)
    assert (user.language, user.phone, user.is_phone_verified) == ("en", "+8613900139000", True)


def test_the_database_keeps_addresses_unique_whatever_their_case():
    make_user("one@example.com")
    other = make_user("two@example.com")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=other.pk).update(email="ONE@example.com")


def test_the_database_refuses_an_active_user_nobody_can_reach():
    user = make_user()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email=None)

    User.objects.filter(pk=user.pk).update(email=None, is_active=False)


def test_has_the_attributes_the_shop_expects_of_a_user(mailoutbox):
    user = make_user("shop@example.com", display_name="小李")
    user.first_name, user.last_name = "Li", "Na"

    user.email_user("Subject", "Text")

    assert (user.get_full_name(), user.get_short_name()) == ("Li Na", "小李")
    assert mailoutbox[0].to == ["shop@example.com"]
    assert User.objects.create_superuser("root@example.com", "secret").is_superuser
