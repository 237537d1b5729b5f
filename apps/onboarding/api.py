"""The only door to onboarding."""

from apps.onboarding.errors import TaxNumberTaken, UnknownApplication
from apps.onboarding.models import Application, Attempt, Contract, RequirementType, Submission
from apps.onboarding.selectors import (
    RunningOut,
    WaitingReview,
    count_waiting_reviews,
    day_of,
    find_application_of,
    list_attempts,
    list_requirements,
    list_running_out,
    list_standings,
    list_waiting_reviews,
    write_link,
)
from apps.onboarding.services.applications import (
    Contact,
    describe_company,
    invite_applicant,
    open_link,
    save_draft,
    start_application,
    submit_application,
)
from apps.onboarding.services.contracts import Signature, sign_contract
from apps.onboarding.services.files import open_file
from apps.onboarding.services.papers import Paper, submit_bank_account, submit_paper, submit_tax_number
from apps.onboarding.services.reviews import (
    accept_submission,
    approve_application,
    ask_for_more,
    extend_deadline,
    reject_application,
    reject_submission,
    waive_requirement,
)
from apps.onboarding.services.watch import close_overdue, remind_applicants, watch_papers
from apps.onboarding.states import ApplicantKind, ApplicationStatus, RequirementInput, SubmissionStatus

__all__ = [
    "ApplicantKind",
    "Application",
    "ApplicationStatus",
    "Attempt",
    "Contact",
    "Contract",
    "Paper",
    "RequirementInput",
    "RequirementType",
    "RunningOut",
    "Signature",
    "Submission",
    "SubmissionStatus",
    "TaxNumberTaken",
    "UnknownApplication",
    "WaitingReview",
    "accept_submission",
    "approve_application",
    "ask_for_more",
    "close_overdue",
    "count_waiting_reviews",
    "day_of",
    "describe_company",
    "extend_deadline",
    "find_application_of",
    "invite_applicant",
    "list_attempts",
    "list_requirements",
    "list_running_out",
    "list_standings",
    "list_waiting_reviews",
    "open_file",
    "open_link",
    "reject_application",
    "reject_submission",
    "remind_applicants",
    "save_draft",
    "sign_contract",
    "start_application",
    "submit_application",
    "submit_bank_account",
    "submit_paper",
    "submit_tax_number",
    "waive_requirement",
    "watch_papers",
    "write_link",
]
