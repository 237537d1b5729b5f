"""Addresses of live service in the shop."""

from django.urls import path

from apps.support.web import visitor

app_name = "support"
urlpatterns = [
    path("", visitor.begin, name="begin"),
    path("back/<str:token>/", visitor.back, name="back"),
    path("<slug:reference>/", visitor.show, name="show"),
    path("<slug:reference>/news/", visitor.news, name="news"),
    path("<slug:reference>/seen/", visitor.seen, name="seen"),
    path("<slug:reference>/typing/", visitor.typing, name="typing"),
    path("<slug:reference>/contact/", visitor.contact, name="contact"),
    path("<slug:reference>/close/", visitor.close, name="close"),
    path("<slug:reference>/rate/", visitor.rate, name="rate"),
    path("<slug:reference>/files/<int:seq>/", visitor.file, name="file"),
    path("<slug:reference>/transcript.txt", visitor.transcript, name="transcript"),
]
