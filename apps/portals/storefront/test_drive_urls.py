"""Addresses of test drives in the shop."""

from django.urls import path

from apps.portals.storefront.web import own_test_drives, test_drives

urlpatterns = [
    path("test-drives/", test_drives.choose_car, name="test-drives"),
    path("test-drives/<slug:slug>/", test_drives.choose_store, name="test-drive-stores"),
    path("test-drives/<slug:slug>/<slug:store>/", test_drives.choose_time, name="test-drive-times"),
    path("test-drives/<slug:slug>/<slug:store>/<int:at>/", test_drives.sign, name="test-drive-sign"),
    path("test-drives/<slug:slug>/<slug:store>/<int:at>/wait/", test_drives.wait, name="test-drive-wait"),
    path("account/test-drives/", own_test_drives.mine, name="test-drives-mine"),
    path("account/test-drives/waiting/<int:entry_id>/leave/", own_test_drives.leave, name="test-drive-leave"),
    path("account/test-drives/<slug:reference>/", own_test_drives.show, name="test-drive"),
    path("account/test-drives/<slug:reference>/move/", own_test_drives.move, name="test-drive-move"),
    path("account/test-drives/<slug:reference>/cancel/", own_test_drives.cancel, name="test-drive-cancel"),
    path("account/test-drives/<slug:reference>/calendar.ics", own_test_drives.calendar, name="test-drive-calendar"),
]
