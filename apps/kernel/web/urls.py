"""Mount under ``files/``: ``path("files/", include("apps.kernel.web.urls"))``."""

from django.urls import path

from apps.kernel.web import views

app_name = "kernel"
urlpatterns = [path("<str:token>/", views.open_private_file, name="private_file")]
