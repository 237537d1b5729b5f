"""Tables of onboarding."""

from apps.onboarding.models.application import Application
from apps.onboarding.models.attempt import Attempt
from apps.onboarding.models.contract import Contract, ContractTemplate
from apps.onboarding.models.requirement import RequirementType
from apps.onboarding.models.submission import Submission

__all__ = ["Application", "Attempt", "Contract", "ContractTemplate", "RequirementType", "Submission"]
