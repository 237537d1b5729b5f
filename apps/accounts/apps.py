from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the receivers of frameworks' signals."""
        from apps.accounts import receivers

        receivers.connect()
        post_migrate.connect(receivers.fill_role_groups, dispatch_uid="accounts.fill_role_groups")
