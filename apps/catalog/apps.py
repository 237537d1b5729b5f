from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "apps.catalog"
    label = "catalog"
    verbose_name = _("Catalog")

    def ready(self) -> None:
        """Show at once what staff change about cars, brands and categories, which stand on pages of every kind."""
        from apps.catalog import models
        from apps.kernel.api import EVERYTHING, forget_pages_when_saved
        from apps.shop.api import Category

        for model in (
            models.Brand,
            models.CategoryInfo,
            models.Option,
            models.OptionGroup,
            models.OptionRule,
            models.Package,
            models.Series,
            models.Trim,
            models.TrimOption,
            models.VehicleModel,
            Category,
        ):
            forget_pages_when_saved(model, EVERYTHING)
