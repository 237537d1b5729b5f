"""HQ's pages of onboarding."""

from apps.onboarding.admin.applications import ApplicationAdmin
from apps.onboarding.admin.requirements import ContractTemplateAdmin, RequirementTypeAdmin

__all__ = ["ApplicationAdmin", "ContractTemplateAdmin", "RequirementTypeAdmin"]
