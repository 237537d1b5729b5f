"""Addresses of one's cars, their packages and their service in the shop."""

from django.urls import path

from apps.portals.storefront.web import own_vehicles, own_visits, service, visit_payments

urlpatterns = [
    path("account/vehicles/", own_vehicles.mine, name="my-vehicles"),
    path("account/vehicles/take-over/", own_vehicles.take_car_over, name="vehicle-take-over"),
    path("account/vehicles/<int:vehicle_id>/", own_vehicles.show, name="my-vehicle"),
    path("account/vehicles/<int:vehicle_id>/transfer/", own_vehicles.pass_on, name="vehicle-transfer"),
    path("account/vehicles/<int:vehicle_id>/remove/", own_vehicles.remove, name="vehicle-remove"),
    path("account/packages/<slug:reference>/bind/", own_vehicles.bind, name="package-bind"),
    path("account/packages/<slug:reference>/refund/", own_vehicles.refund, name="package-refund"),
    path("account/service/", own_visits.mine, name="my-visits"),
    path("account/service/<slug:reference>/", own_visits.show, name="my-visit"),
    path("account/service/<slug:reference>/pay/", visit_payments.pay, name="visit-pay"),
    path("account/service/<slug:reference>/move/", own_visits.move, name="visit-move"),
    path("account/service/<slug:reference>/cancel/", own_visits.cancel, name="visit-cancel"),
    path("account/service/<slug:reference>/answer/<int:finding_id>/", own_visits.answer, name="visit-answer"),
    path("account/service/<slug:reference>/calendar.ics", own_visits.calendar, name="visit-calendar"),
    path("service/<int:vehicle_id>/", service.choose_work, name="service"),
    path("service/<int:vehicle_id>/stores/", service.choose_store, name="service-stores"),
    path("service/<int:vehicle_id>/stores/<slug:store>/", service.choose_time, name="service-times"),
]
