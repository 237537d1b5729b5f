from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "apps.portals.staff"
    label = "staff_portal"

    def ready(self) -> None:
        """Close the back doors that other packages open in the admin, once all of them are registered."""
        from apps.portals.staff.registry import close_foreign_doors

        close_foreign_doors()
