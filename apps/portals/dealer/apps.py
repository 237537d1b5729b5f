from django.apps import AppConfig


class DealerPortalConfig(AppConfig):
    name = "apps.portals.dealer"
    label = "dealer_portal"
