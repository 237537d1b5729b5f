"""Routes under /supplier/."""

from django.urls import path

from apps.portals.supplier import web

urlpatterns = [
    path("", web.home, name="supplier-home"),
    path("fulfilments/<int:fulfilment_id>/<slug:name>/", web.move, name="supplier-home-move"),
]
