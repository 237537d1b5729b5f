"""What is required, and the wording of contracts: data that headquarters keeps."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.onboarding.models import ContractTemplate, RequirementType


@admin.register(RequirementType)
class RequirementTypeAdmin(ModelAdmin):
    """Requirements by kind; what was handed in for one keeps it from being deleted."""

    list_display = [
        "name_zh", "name_en", "kind", "code", "is_required", "has_last_day", "blocks_when_expired", "is_active",
    ]  # fmt: skip
    list_filter = ["kind", "is_required", "is_active"]
    search_fields = ["code", "name_zh", "name_en"]
    ordering = ["kind", "position"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep what identifies a requirement once it is there."""
        return ["kind", "code", "input"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: a requirement is switched off instead."""
        return False


@admin.register(ContractTemplate)
class ContractTemplateAdmin(ModelAdmin):
    """Wordings: a new one is a new version; what was in force stays as it was."""

    list_display = ["title_zh", "kind", "version", "in_force_from"]
    list_filter = ["kind"]
    search_fields = ["version", "title_zh"]
    ordering = ["kind", "-in_force_from"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: contracts were signed on it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Off: contracts were signed on it."""
        return False
