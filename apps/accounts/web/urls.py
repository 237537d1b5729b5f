"""Sign-in pages, under /account/."""

from django.urls import include, path

from apps.accounts.web import impersonation, invitations, organizations, views

urlpatterns = [
    path("second-factor/", views.second_factor, name="account_second_factor"),
    path("organization/", organizations.switch, name="account_switch_organization"),
    path("invitation/<str:token>/", invitations.invitation, name="account_invitation"),
    path("impersonation/end/", impersonation.end, name="account_end_impersonation"),
    path("sessions/end-others/", views.sign_out_other_devices, name="account_end_other_sessions"),
    path("", include("allauth.urls")),
]
