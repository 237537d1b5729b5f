"""What accounts refuses, by name."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import Conflict, Forbidden, NotFound, Refused, Unauthorized


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


class LastManager(Conflict):
    """An organization without a manager could not even invite one."""

    code = "last_manager"
    message = _("Somebody has to manage the team: name another manager first.")


class InvitationNotFound(NotFound):
    """There is no such invitation, or its link was altered."""

    code = "invitation_not_found"
    message = _("This invitation does not exist. Check that the link is complete.")


class InvitationOver(Conflict):
    """The invitation was accepted, withdrawn, replaced by a newer one, or is too old."""

    code = "invitation_over"
    message = _("This invitation is no longer valid. Ask for a new one.")


class InvitationForAnother(Forbidden):
    """The invitation was sent to another address than those of the account."""

    code = "invitation_for_another"
    message = _("This invitation was sent to somebody else. Sign in with the account of that address.")


class MemberNotFound(NotFound):
    """The team has no such member."""

    code = "member_not_found"
    message = _("Your team has no such member.")


class ScopeUnknown(Refused):
    """An organization of this kind gives no such right to a key, or none was chosen."""

    code = "scope_unknown"
    message = _("Choose at least one right that a key of your organization can have.")


class ScopeMissing(Forbidden):
    """The key lacks the right, or no key opens this address."""

    code = "scope_missing"
    message = _("This API key does not have the right that is needed here.")


class KeyInvalid(Unauthorized):
    """The key is unknown, revoked or expired."""

    code = "key_invalid"
    message = _("This API key is not valid.")


class KeyNotFound(NotFound):
    """The organization has no such key."""

    code = "key_not_found"
    message = _("Your organization has no such key.")


class LifetimeOutOfRange(Refused):
    """A key lives between a day and a year."""

    code = "lifetime_out_of_range"
    message = _("Choose a lifetime between 1 and %(most)s days.")


class NameRequired(Refused):
    """A key without a name cannot be told from the others."""

    code = "name_required"
    message = _("Give the key a name that says which program uses it.")


class ReasonRequired(Refused):
    """Looking over somebody's shoulder needs a reason."""

    code = "reason_required"
    message = _("Say why, in at least %(least)s characters: the reason is kept in the audit trail.")


class NotToImpersonate(Refused):
    """Only people of suppliers and dealers are impersonated, in an organization they work for."""

    code = "not_to_impersonate"
    message = _("Only people who work for a supplier or dealer can be impersonated, never colleagues at headquarters.")


class AlreadyImpersonating(Conflict):
    """One at a time."""

    code = "already_impersonating"
    message = _("You are impersonating somebody already. End that first.")


class ForbiddenWhileImpersonating(Forbidden):
    """Whoever impersonates does not touch sign-in, team, keys, papers or bank details."""

    code = "forbidden_while_impersonating"
    message = _(
        "You are impersonating this person. Team, keys, documents and bank details can only be changed by them."
    )
