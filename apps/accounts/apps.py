from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Close the admin's own door and connect the receivers of frameworks' signals."""
        from allauth.account.decorators import secure_admin_login
        from django.contrib import admin

        from apps.accounts import receivers
        from apps.accounts.services.second_factors import PLACE, reseal_authenticators
        from apps.kernel.api import rotate_also

        # One door: the admin's own form knows nothing of second factors and budgets.
        admin.site.login = secure_admin_login(admin.site.login)
        receivers.connect()
        rotate_also(PLACE, reseal_authenticators)
        post_migrate.connect(receivers.fill_role_groups, dispatch_uid="accounts.fill_role_groups")
