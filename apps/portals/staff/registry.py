"""Which tables HQ sees: those whose own app registered them in the house's style, and no others."""

from django.contrib import admin
from unfold.admin import ModelAdmin


def close_foreign_doors() -> list[str]:
    """
    Take every model out of the admin that is not shown by Unfold, and return their labels.

    Oscar registers orders, stock records and prices for free editing, past every service, lock and audit rule of ours;
    allauth and others bring pages that HQ has no business on.
    """
    foreign = [model for model in _registered_models() if not isinstance(admin.site.get_model_admin(model), ModelAdmin)]
    admin.site.unregister(foreign)
    return [model._meta.label for model in foreign]


def _registered_models() -> list:
    # The registry has no public way to be listed outside a request.
    return list(admin.site._registry)
