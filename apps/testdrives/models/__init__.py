"""Tables of test drives, by noun."""

from apps.testdrives.models.drives import Agreement, DamagePhoto, Survey, TestDrive
from apps.testdrives.models.rules import AgreementText, DemoCar, EligibilityRule

__all__ = ["Agreement", "AgreementText", "DamagePhoto", "DemoCar", "EligibilityRule", "Survey", "TestDrive"]
