from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "apps.kernel"
    label = "kernel"
    verbose_name = _("System")

    def ready(self) -> None:
        """Load the outbox handlers of every app of ours, so that recorders know for whom to write deliveries."""
        for config in apps.get_app_configs():
            if config.name.startswith("apps.") and module_has_submodule(config.module, "handlers"):
                import_module(f"{config.name}.handlers")
