"""
An empty Django view behind the middleware of a new project: the floor that page-cache hits are compared with.

    gunicorn --workers 2 --bind 127.0.0.1:8162 tests.load.empty_site:application
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="loopback, and nothing to keep",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    # As `django-admin startproject` writes them.
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    LOGGING_CONFIG=None,
)


def empty(request: HttpRequest) -> HttpResponse:
    """Do nothing."""
    return HttpResponse(b"ok", content_type="text/plain")


urlpatterns = [path("empty/", empty)]
application = get_wsgi_application()
