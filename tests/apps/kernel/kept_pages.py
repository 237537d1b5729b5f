"""Pages to keep, for tests of the page cache alone."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.urls import path

from apps.kernel.web import cached_page, tag_page

RENDERED: Counter[str] = Counter()
FORM = """<!doctype html><title>{{ title }}</title>{% for number in numbers %}<form method="post">{% csrf_token %}
<p>{{ number }} {{ words }}</p></form>{% endfor %}<footer>{{ seen }}</footer>"""


def _page(request: HttpRequest, title: str, **context: object) -> HttpResponse:
    RENDERED[title] += 1
    template = engines["django"].from_string(FORM)
    seen = f"{sorted(request.COOKIES)} {request.META['QUERY_STRING']} {request.headers.get('HX-Request', '')}"
    context = {"title": title, "numbers": range(30), "words": "星驰 Xingchi " * 20, "seen": seen, **context}
    return HttpResponse(template.render(context, request))


@cached_page(tags=["shelf"], query=["page", "option*"])
def shelf(request: HttpRequest) -> HttpResponse:
    """A list with many forms."""
    tag_page(request, "thing:1", "thing:2")
    return _page(request, f"shelf {request.GET.get('page', '')}")


@cached_page(tags=lambda request, number: [f"thing:{number}"])
def thing(request: HttpRequest, number: int) -> HttpResponse:
    """One thing."""
    return _page(request, f"thing {number}")


def desk_of(request: HttpRequest) -> dict[str, str] | None:
    """What a member sees of its own on the counter; somebody with a key sees another page altogether."""
    return None if request.headers.get("X-Key") else {"name": f"<b>{request.user.pk}</b>", "elsewhere": "never seen"}


@cached_page(tags=["shelf"], own=desk_of)
def counter(request: HttpRequest) -> HttpResponse:
    """A page with a place that is everybody's own."""
    response = _page(request, "counter")
    response.content += f"<!--own:name-->{request.user.pk or 'guest'}<!--/own:name--> bye".encode()
    return response


@cached_page(tags=["shelf"])
def greets(request: HttpRequest) -> HttpResponse:
    """A page that would leave a cookie in everybody's browser."""
    response = _page(request, "greets")
    response.set_cookie("greeted", "yes")
    return response


@cached_page(tags=["shelf"])
def plays_alone(request: HttpRequest) -> HttpResponse:
    """A page that asks Django for a token behind the cache's back."""
    return HttpResponse(f"<p>{get_token(request)}</p>")


@cached_page(tags=["shelf"])
def missing(request: HttpRequest) -> HttpResponse:
    """Not a page."""
    RENDERED["missing"] += 1
    return HttpResponse("gone", status=404)


def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session; with ``?user=`` it is that of somebody signed in."""
    request.session["garage"] = "1"
    if "user" in request.GET:
        request.session["_auth_user_id"] = request.GET["user"]
    return HttpResponse()


def take(request: HttpRequest) -> HttpResponse:
    """Somewhere to send a form to."""
    return HttpResponse("taken" if request.method == "POST" else "")


urlpatterns = [
    path("shelf/", shelf),
    path("counter/", counter),
    path("things/<int:number>/", thing),
    path("greets/", greets),
    path("plays-alone/", plays_alone),
    path("missing/", missing),
    path("sign-in/", sign_in),
    path("take/", take),
]
