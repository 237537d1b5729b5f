"""Writes of wish lists and saved configurations."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.api import User
from apps.catalog.api import Configuration, ProductInfo, ProductNotFound, UnknownConfiguration, get_configuration
from apps.membership import policies
from apps.membership.errors import SavedConfigurationNotFound, TooManySaved, WishListFull
from apps.membership.models import SavedConfiguration, Wish

MOST_WISHES = 100
MOST_SAVED = 50
LONGEST_NAME = 60


@transaction.atomic
def add_wish(*, member: User, product_id: int, configuration_id: UUID | str | None = None, now: datetime) -> Wish:
    """
    Put a product, or a car as it was configured, on the member's wish list; repeating it changes nothing.

    :raises ProductNotFound: if there is no such public product
    :raises UnknownConfiguration: if the configuration is none, or of another product
    :raises WishListFull: if the list holds MOST_WISHES
    """
    if not _list_public([product_id]):
        raise ProductNotFound(product_id=product_id)
    key = _configuration(configuration_id, product_id=product_id)
    known = Wish.objects.filter(member=member, product_id=product_id, configuration_id=key).first()
    if known is not None:
        return known
    if Wish.objects.filter(member=member).count() >= MOST_WISHES:
        raise WishListFull(most=MOST_WISHES)
    _insert(member, [product_id], configuration_id=key, now=now)
    return Wish.objects.get(member=member, product_id=product_id, configuration_id=key)


@transaction.atomic
def remove_wish(*, member: User, product_id: int, configuration_id: UUID | str | None = None) -> None:
    """Take a product off the member's wish list; without it on the list nothing changes."""
    try:
        key = UUID(str(configuration_id)) if configuration_id else None
    except ValueError:
        return
    if 0 < product_id < 2**63:
        Wish.objects.filter(member=member, product_id=product_id, configuration_id=key).delete()


@transaction.atomic
def merge_wishes(*, member: User, product_ids: Iterable[int], now: datetime) -> int:
    """
    Bring along what somebody wished for before signing in; the number of new wishes.

    What is no longer in the shop, and what does not fit on the list any more, stays behind.
    """
    known = set(Wish.objects.filter(member=member, configuration=None).values_list("product_id", flat=True))
    room = MOST_WISHES - Wish.objects.filter(member=member).count()
    asked = [pk for pk in dict.fromkeys(product_ids) if pk not in known]
    public = _list_public(asked)
    new = [pk for pk in asked if pk in public][: max(room, 0)]
    _insert(member, new, configuration_id=None, now=now)
    return len(new)


@transaction.atomic
def save_configuration(
    *, member: User, configuration_id: UUID | str, name: str = "", now: datetime
) -> SavedConfiguration:
    """
    Keep a configured car under a name; the same car again is renamed, not kept twice.

    Without a name it is called after its trim.

    :raises UnknownConfiguration: if there is none with this id
    :raises TooManySaved: if the member keeps MOST_SAVED
    """
    configuration = get_configuration(configuration_id)
    title = policies.clean_text(name).replace("\n", " ")[:LONGEST_NAME] or _name_of(configuration)
    fingerprint = _fingerprint(configuration)
    known = SavedConfiguration.objects.filter(member=member, fingerprint=fingerprint).first()
    if known is None and SavedConfiguration.objects.filter(member=member).count() >= MOST_SAVED:
        raise TooManySaved(most=MOST_SAVED)
    return SavedConfiguration.objects.update_or_create(
        member=member,
        fingerprint=fingerprint,
        defaults={"name": title, "changed_at": now},
        create_defaults={"configuration": configuration, "name": title, "created_at": now, "changed_at": now},
    )[0]


@transaction.atomic
def rename_configuration(*, saved_id: int, name: str, member: User, now: datetime) -> SavedConfiguration:
    """
    Give a saved configuration another name; an empty one leaves it as it is.

    :raises SavedConfigurationNotFound: if the member has none with this id
    """
    saved = _own(saved_id, member)
    saved.name = policies.clean_text(name).replace("\n", " ")[:LONGEST_NAME] or saved.name
    saved.changed_at = now
    saved.save(update_fields=["name", "changed_at"])
    return saved


@transaction.atomic
def forget_configuration(*, saved_id: int, member: User) -> None:
    """
    Remove a saved configuration; carts and orders with the same car keep theirs.

    :raises SavedConfigurationNotFound: if the member has none with this id
    """
    _own(saved_id, member).delete()


def _own(saved_id: int, member: User) -> SavedConfiguration:
    saved = SavedConfiguration.objects.filter(pk=saved_id, member=member).first() if 0 < saved_id < 2**63 else None
    if saved is None:
        raise SavedConfigurationNotFound
    return saved


def _list_public(product_ids: Iterable[int]) -> set[int]:
    possible = [pk for pk in product_ids if 0 < pk < 2**63]
    return set(
        ProductInfo.objects.filter(product__in=possible, product__is_public=True).values_list("product_id", flat=True)
    )


def _configuration(configuration_id: UUID | str | None, *, product_id: int) -> UUID | None:
    if not configuration_id:
        return None
    configuration = get_configuration(configuration_id)
    if configuration.product_id != product_id:
        raise UnknownConfiguration(configuration_id=str(configuration_id))
    return configuration.pk


def _insert(member: User, product_ids: Iterable[int], *, configuration_id: UUID | None, now: datetime) -> None:
    # Two clicks at once are one wish: the constraint decides, and the second insert does nothing.
    Wish.objects.bulk_create(
        [Wish(member=member, product_id=pk, configuration_id=configuration_id, created_at=now) for pk in product_ids],
        ignore_conflicts=True,
    )


def _fingerprint(configuration: Configuration) -> str:
    text = f"{configuration.product_id}:{','.join(sorted(configuration.option_codes))}"
    return hashlib.sha256(text.encode()).hexdigest()


def _name_of(configuration: Configuration) -> str:
    trim = configuration.product.trim
    return f"{trim.model.name} {trim.name}"[:LONGEST_NAME]
