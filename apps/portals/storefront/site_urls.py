"""Addresses of the site as a whole: for engines that search it, browsers that install it, people who build it."""

from django.urls import path

from apps.portals.storefront.web import styleguide

urlpatterns = [
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
