"""Pure rules of accounts: how a phone number is written, hidden and read."""

import phonenumbers

HOME_REGION = "CN"
MASK = "****"


def normalize_phone(phone: str | None) -> str | None:
    """
    Write a phone number as E.164 (``+8613800138000``); a number without a country code is Chinese.

    None for anything that is not a possible, assigned number. Source: ITU-T E.164, numbering plans of libphonenumber.
    """
    if not phone:
        return None
    try:
        number = phonenumbers.parse(phone, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask_phone(phone: str | None) -> str:
    """
    Hide the middle of an E.164 number: ``+8613800138000`` reads ``138****8000``; an empty string without one.

    The country code of a home number is left out, as people here write it.
    """
    if not phone:
        return ""
    shown = phone.removeprefix("+86")
    return f"{shown[:-8]}{MASK}{shown[-4:]}" if len(shown) > 8 else f"{MASK}{shown[-2:]}"
