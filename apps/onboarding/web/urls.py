"""Routes under /join/."""

from django.urls import path

from apps.onboarding.web import joining, wizard

app_name = "onboarding"
urlpatterns = [
    path("", joining.join, name="join"),
    path("resume/", joining.resume, name="resume"),
    path("open/<str:token>/", joining.open_by_link, name="open"),
    path("a/<slug:number>/", wizard.wizard, name="wizard"),
    path("a/<slug:number>/save/", wizard.autosave, name="autosave"),
    path("a/<slug:number>/link/", wizard.send_link_again, name="send-link"),
    path("a/<slug:number>/contract.pdf", wizard.signed_copy, name="signed-copy"),
    path("a/<slug:number>/requirements/<slug:code>/", wizard.requirement, name="requirement"),
    path("a/<slug:number>/<slug:name>/", wizard.step, name="step"),
    path("<slug:kind>/", joining.start, name="start"),
]
