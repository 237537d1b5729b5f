"""The door of the CMS: see the view."""

from django.urls import path

from apps.accounts.web import views

urlpatterns = [path("", views.cms_door, name="cms_door")]
