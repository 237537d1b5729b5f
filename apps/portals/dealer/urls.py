"""Routes under /dealer/."""

from django.urls import path

from apps.portals.dealer import web

urlpatterns = [
    path("", web.home, name="dealer-home"),
    path("fulfilments/<int:fulfilment_id>/<slug:name>/", web.move, name="dealer-home-move"),
]
