"""REST endpoints of service, under /api/v1/."""

from django.urls import path

from apps.aftersales.rest.views import EntitlementsView

urlpatterns = [path("me/entitlements/", EntitlementsView.as_view(), name="api-me-entitlements")]
