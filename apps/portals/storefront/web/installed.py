"""The shop as an app on a phone's home screen: its manifest, its worker, the page it shows without a network."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone

ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)
# All the worker keeps: what every page is drawn with. No page, no price, no answer of the API.
KEPT = ("css/shop.css", "js/shop.js", "django_htmx/htmx-2.min.js", "img/mark.svg", "img/icons/icon-192.png")


@cache_control(public=True, max_age=3600)
@require_safe
@open_to_everyone
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app in the reader's language."""
    language = get_language() or "zh-hans"
    found = {
        "id": "/",
        "name": _("Xingchi"),
        "short_name": _("Xingchi"),
        "description": _("Cars, parts and service"),
        "lang": "zh-CN" if language == "zh-hans" else language,
        "start_url": f"{reverse('shop:home')}?source=app",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            {"src": static(f"img/icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": _("Vehicles"), "url": reverse("shop:vehicles")},
            {"name": _("My orders"), "url": reverse("shop:account")},
            {"name": _("Stores"), "url": reverse("shop:stores")},
        ],
    }
    body = json.dumps(found, ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/manifest+json; charset=utf-8")


@cache_control(no_cache=True)
@require_safe
@open_to_everyone
def service_worker(request: HttpRequest) -> HttpResponse:
    """
    Send the worker. Its cache is named after what it keeps: a new style sheet makes a new cache, and the old one goes.
    """
    kept = [static(path) for path in KEPT]
    context = {
        "version": hashlib.sha256(" ".join(kept).encode()).hexdigest()[:12],
        "kept": json.dumps([*kept, reverse("shop:offline")]),
        "offline": reverse("shop:offline"),
    }
    return render(request, "storefront/site/service_worker.js", context, content_type="text/javascript; charset=utf-8")


@never_cache
@require_safe
@open_to_everyone
def offline(request: HttpRequest) -> HttpResponse:
    """Show what the app says without a network. It is kept on phones, so nothing on it is anybody's own."""
    return render(request, "storefront/site/offline.html")
