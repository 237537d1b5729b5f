from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinancingConfig(AppConfig):
    name = "apps.financing"
    label = "financing"
    verbose_name = _("Financing")

    def ready(self) -> None:
        """Show at once what staff change about finance products: pages say what a car costs by the month."""
        from apps.financing import models
        from apps.kernel.api import forget_pages_when_saved

        for model in (
            models.Lender,
            models.FinanceProduct,
            models.FinanceRate,
            models.PurchaseTaxRule,
            models.SubsidyRule,
        ):
            forget_pages_when_saved(model, "finance")
