"""Routes under /api/v1/."""

from django.urls import path

from apps.dealers.rest.views import StoresView

urlpatterns = [path("stores/", StoresView.as_view(), name="api-stores")]
