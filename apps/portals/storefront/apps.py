from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "apps.portals.storefront"
    label = "storefront_portal"

    def ready(self) -> None:
        """Listen for visitors who sign in."""
        from apps.portals.storefront import receivers  # noqa: F401
