from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "apps.portals.staff"
    label = "staff_portal"
