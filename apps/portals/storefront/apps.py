from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "apps.portals.storefront"
    label = "storefront_portal"
