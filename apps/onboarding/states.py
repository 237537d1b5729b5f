"""The closed lists of onboarding, and the moves of applications and submissions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import Lifecycle


class ApplicantKind(models.TextChoices):
    """Which side of the business an applicant wants to join; the values are those of organizations."""

    SUPPLIER = "SUPPLIER", _("Supplier")
    DEALER = "DEALER", _("Dealer")


class ApplicationStatus(models.TextChoices):
    """Where an application stands; the applicant's own status follows it until the decision."""

    INVITED = "INVITED", _("Invited")  # headquarters asked it to apply
    APPLIED = "APPLIED", _("Applied")  # it asked by itself; the contact is not confirmed yet
    ONBOARDING = "ONBOARDING", _("Onboarding")  # it is handing in what we require
    READY_FOR_REVIEW = "READY_FOR_REVIEW", _("Ready for review")  # headquarters reads
    APPROVED = "APPROVED", _("Approved")  # the portal is open; papers are renewed here
    REJECTED = "REJECTED", _("Rejected")  # for good


class RequirementInput(models.TextChoices):
    """What a requirement asks for."""

    TAX_NUMBER = "TAX_NUMBER", _("Tax number")  # a unified social credit code
    PAPER = "PAPER", _("Paper")  # a file, often with a number and a last day
    BANK_ACCOUNT = "BANK_ACCOUNT", _("Bank account")  # encrypted, shown masked
    CONTRACT = "CONTRACT", _("Contract")  # read and signed on the page


class SubmissionStatus(models.TextChoices):
    """What headquarters thinks of what was handed in."""

    PENDING = "PENDING", _("To be reviewed")
    ACCEPTED = "ACCEPTED", _("Passed review")
    REJECTED = "REJECTED", _("Not accepted")
    WAIVED = "WAIVED", _("Waived")  # headquarters does without it, and says why


class Action(models.TextChoices):
    """What somebody may try; each try leaves a row, done or refused."""

    START = "START", _("Start an application")
    INVITE = "INVITE", _("Invite")
    CONFIRM = "CONFIRM", _("Confirm the contact")
    DESCRIBE = "DESCRIBE", _("Describe the company")
    HAND_IN = "HAND_IN", _("Hand in")
    SIGN = "SIGN", _("Sign the contract")
    SUBMIT = "SUBMIT", _("Submit for review")
    ACCEPT = "ACCEPT", _("Accept the paper")
    REJECT_PAPER = "REJECT_PAPER", _("Do not accept")
    WAIVE = "WAIVE", _("Waive")
    ASK_FOR_MORE = "ASK_FOR_MORE", _("Ask for more")
    APPROVE = "APPROVE", _("Approve")
    REJECT = "REJECT", _("Reject")
    EXTEND = "EXTEND", _("Extend the deadline")
    REMIND = "REMIND", _("Remind")
    CLOSE = "CLOSE", _("Close overdue")
    BLOCK = "BLOCK", _("Block")
    UNBLOCK = "UNBLOCK", _("Lift the block")


S = ApplicationStatus

APPLICATION = Lifecycle(
    name="onboarding.application",
    moves={
        "onboard": ({S.INVITED, S.APPLIED}, S.ONBOARDING),
        "submit": ({S.ONBOARDING}, S.READY_FOR_REVIEW),
        "ask_for_more": ({S.READY_FOR_REVIEW}, S.ONBOARDING),
        "approve": ({S.READY_FOR_REVIEW}, S.APPROVED),
        "reject": ({S.READY_FOR_REVIEW}, S.REJECTED),
    },
)

SUBMISSION = Lifecycle(
    name="onboarding.submission",
    moves={
        "accept": ({SubmissionStatus.PENDING}, SubmissionStatus.ACCEPTED),
        "reject": ({SubmissionStatus.PENDING}, SubmissionStatus.REJECTED),
    },
)

# While an application is here, the applicant may write in it.
OPEN_TO_APPLICANT = frozenset({S.INVITED, S.APPLIED, S.ONBOARDING})
