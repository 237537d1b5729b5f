from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "apps.portals.staff"
    label = "staff_portal"

    def ready(self) -> None:
        """Close the back doors that other packages open in the admin, and dress what is left in the house's style."""
        from apps.portals.staff.house import dress_admins
        from apps.portals.staff.registry import close_foreign_doors

        close_foreign_doors()
        dress_admins()
