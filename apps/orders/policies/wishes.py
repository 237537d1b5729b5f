"""What a buyer says at checkout, checked and written one way."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.accounts.api import normalize_phone
from apps.orders.errors import AddressIncomplete, ContactRequired, InvalidContact
from apps.orders.states import Method

LONGEST = {"name": 60, "phone": 32, "province": 60, "city": 60, "district": 60, "line": 200, "email": 254}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class CartRef:
    """
    Whose cart: a signed-in user's open one, or an anonymous one by the id in its signed cookie.

    ``user_id`` wins; ``cart_id`` beside it is what the visitor had gathered before signing in.
    """

    user_id: int | None = None
    cart_id: int | None = None

    @property
    def owner(self) -> str:
        """Name the owner, to keep one caller's keys apart from another's."""
        return f"user:{self.user_id}" if self.user_id is not None else f"cart:{self.cart_id}"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How to reach the buyer. A guest gives at least one."""

    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a delivery goes, in the words of the buyer."""

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    line: str = ""


@dataclass(frozen=True, kw_only=True)
class FulfilmentWish:
    """How the buyer wants the goods: ``store_id`` for pickup, ``address`` for delivery."""

    method: str
    store_id: int | None = None
    address: Address | None = None


@dataclass(frozen=True, kw_only=True)
class PaymentWish:
    """Through whom the buyer pays, and how much at once."""

    provider: str
    plan: str


def check_contact(contact: Contact, *, is_guest: bool) -> Contact:
    """
    Return the contact with the phone as E.164.

    :raises ContactRequired: if a guest gives neither
    :raises InvalidContact: if one of them cannot be right
    """
    if is_guest and not contact.email.strip() and not contact.phone.strip():
        raise ContactRequired(fields={"email": [_("Give an e-mail address or a phone number.")]})
    wrong: dict[str, list[str]] = {}
    email, phone = contact.email.strip(), ""
    if email:
        try:
            validate_email(email)
        except ValidationError:
            wrong["email"] = [_("This is not an e-mail address.")]
        if len(email) > LONGEST["email"]:
            wrong["email"] = [_("This is too long.")]
    if contact.phone.strip():
        phone = normalize_phone(contact.phone) or ""
        if not phone:
            wrong["phone"] = [_("This is not a phone number.")]
    if wrong:
        raise InvalidContact(fields=wrong)
    return Contact(email=email, phone=phone)


def check_address(address: Address | None) -> Address:
    """
    Return the address trimmed, its phone as E.164.

    :raises AddressIncomplete: naming every part that is missing, too long or wrong
    """
    given = address or Address()
    wrong: dict[str, list[str]] = {}
    for field in fields(Address):
        value = getattr(given, field.name).strip()
        name = f"fulfilment.address.{field.name}"
        if not value:
            wrong[name] = [_("This is required.")]
        elif len(value) > LONGEST[field.name]:
            wrong[name] = [_("This is too long.")]
        elif _CONTROL.search(value):
            wrong[name] = [_("This has characters that cannot be printed.")]
        given = replace(given, **{field.name: value})
    phone = normalize_phone(given.phone) or ""
    if given.phone and not phone:
        wrong["fulfilment.address.phone"] = [_("This is not a phone number.")]
    if wrong:
        raise AddressIncomplete(fields=wrong)
    return replace(given, phone=phone)


def check_fulfilment(wish: FulfilmentWish) -> FulfilmentWish:
    """
    Return the wish with its address checked; the store is looked up by the caller.

    :raises AddressIncomplete: for a delivery without a whole address
    """
    if wish.method == Method.DELIVERY:
        return replace(wish, address=check_address(wish.address), store_id=None)
    return replace(wish, address=None)


def checkout_key(owner: str, key: str) -> str:
    """Return the key under which an order is written once: one caller's key says nothing about another's."""
    return hashlib.sha256(f"{owner}|{key}".encode()).hexdigest()


def fingerprint(*parts: object) -> str:
    """Return a digest of what was asked, to tell a repetition from another request under the same key."""
    plain = [asdict(part) if hasattr(part, "__dataclass_fields__") else part for part in parts]
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()
