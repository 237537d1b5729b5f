"""REST endpoints of test drives, under /api/v1/."""

from django.urls import path

from apps.testdrives.rest import consumers, dealers

urlpatterns = [
    path("test-drives/", consumers.TestDrivesView.as_view(), name="api-test-drives"),
    path("test-drives/slots/", consumers.SlotsView.as_view(), name="api-test-drive-slots"),
    path("test-drives/<int:test_drive_id>/", consumers.TestDriveView.as_view(), name="api-test-drive"),
    path(
        "test-drives/<int:test_drive_id>/cancel/", consumers.TestDriveCancelView.as_view(), name="api-test-drive-cancel"
    ),
    path("test-drives/<int:test_drive_id>/move/", consumers.TestDriveMoveView.as_view(), name="api-test-drive-move"),
    path("dealer/test-drives/", dealers.DealerTestDrivesView.as_view(), name="api-dealer-test-drives"),
    *(
        path(f"dealer/test-drives/<int:test_drive_id>/{name}/", view.as_view(), name=f"api-dealer-test-drive-{name}")
        for name, view in (
            ("confirm", dealers.ConfirmView),
            ("check-in", dealers.CheckInView),
            ("complete", dealers.CompleteView),
            ("no-show", dealers.NoShowView),
        )
    ),
]
