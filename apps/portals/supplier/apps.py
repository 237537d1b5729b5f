from django.apps import AppConfig


class SupplierPortalConfig(AppConfig):
    name = "apps.portals.supplier"
    label = "supplier_portal"
