"""Routes for tests of the kernel alone."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("files/", include("apps.kernel.web.urls")),
]
