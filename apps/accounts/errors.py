"""What accounts refuses, by name."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, Forbidden, Refused


class NotAMember(Forbidden):
    """The user does not act for an organization of the kind asked for."""

    code = "not_a_member"
    message = _("You do not act for an organization of this kind.")


class RoleNotGiven(Forbidden):
    """The user is signed in, but none of their roles opens this door."""

    code = "forbidden"
    message = _("Your role does not allow this.")


class SecondFactorRequired(Forbidden):
    """The role asks for a second factor that this session has not given."""

    code = "second_factor_required"
    message = _("Your role needs a second factor: sign in with the code of your authenticator app.")


class EmailTaken(Conflict):
    """Another account has this e-mail address."""

    code = "email_taken"
    message = _("This e-mail address belongs to another account.")


class PhoneTaken(Conflict):
    """Another account has this phone number."""

    code = "phone_taken"
    message = _("This phone number belongs to another account.")


class InvalidPhone(Refused):
    """Not a phone number that exists."""

    code = "invalid_phone"
    message = _("Enter a valid phone number; add the country code if it is not Chinese.")


class AddressRequired(Refused):
    """An account without e-mail address and phone number could never be entered."""

    code = "address_required"
    message = _("Give an e-mail address or a phone number.")


class UnknownLanguage(Refused):
    """The suite does not speak this language."""

    code = "unknown_language"
    message = _("Choose Chinese or English.")


class RoleDoesNotFit(Refused):
    """This kind of organization has no such role."""

    code = "role_does_not_fit"
    message = _("An organization of this kind has no such role.")


class AlreadyEmployed(Conflict):
    """The user has another role in this dealer or supplier."""

    code = "already_employed"
    message = _("This person already has another role here; change that role instead.")


class AlreadyMember(Conflict):
    """The user has this role in this organization."""

    code = "already_member"
    message = _("This person already has this role here.")


class MembershipEnded(Conflict):
    """The membership was ended before."""

    code = "membership_ended"
    message = _("This membership has already ended.")


class AccountClosed(Conflict):
    """The account is switched off."""

    code = "account_closed"
    message = _("This account is switched off.")


class NotYourself(Refused):
    """People do not switch off, promote or demote themselves."""

    code = "not_yourself"
    message = _("You cannot do this to your own account; ask a colleague.")
