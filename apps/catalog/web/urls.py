"""Public files of the catalog."""

from django.urls import path

from apps.catalog.web import views

app_name = "catalog"
urlpatterns = [path("<uuid:file_id>/", views.uploaded_picture, name="uploaded-picture")]
