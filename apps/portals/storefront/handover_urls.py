"""Addresses at which a buyer chooses when to fetch a car, and sees what was handed over."""

from django.urls import path

from apps.portals.storefront.web import handovers

ONE = "orders/<slug:number>/handovers/<int:fulfilment_id>/"

urlpatterns = [
    path(ONE, handovers.show, name="handover"),
    path(f"{ONE}time/", handovers.choose_time, name="handover-time"),
    path(f"{ONE}cancel/", handovers.cancel, name="handover-cancel"),
    path(f"{ONE}calendar.ics", handovers.calendar, name="handover-calendar"),
    path(f"{ONE}record.pdf", handovers.record_paper, name="handover-record"),
]
