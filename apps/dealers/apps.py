from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealersConfig(AppConfig):
    name = "apps.dealers"
    label = "dealers"
    verbose_name = _("Dealers")

    def ready(self) -> None:
        """Show at once what staff change about stores."""
        from apps.dealers.models import Store
        from apps.kernel.api import forget_pages_when_saved

        forget_pages_when_saved(Store, "stores")
