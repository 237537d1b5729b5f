from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CmsConfig(AppConfig):
    name = "apps.portals.cms"
    label = "cms_portal"

    def ready(self) -> None:
        """Give editors their pages once tables and permissions are there."""
        from apps.portals.cms.receivers import after_migrate

        post_migrate.connect(after_migrate, dispatch_uid="cms_portal.give_editors_their_pages")
