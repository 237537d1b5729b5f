"""
Addresses in two languages. Chinese is at home at the plain address; English carries ``?hl=en``.

A page is read in the language of ``?hl=`` if it has one, else of the visitor's cookie, else of the browser. Search
engines bring neither cookie nor wish, so to them each language needs an address of its own.
"""

from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PARAMETER = "hl"
# Language of Django's → that of HTML and search engines.
TAGS = {"zh-hans": "zh-Hans", "en": "en"}
AT_HOME = "zh-hans"
ONE_YEAR = 365 * 24 * 3600


class LanguageDoor:
    """
    Lets ``?hl=en`` and ``?hl=zh-hans`` choose the language: of this request, and by the cookie of those that follow.

    Stands before ``LocaleMiddleware``, which reads the cookie. Any other value is passed over.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wish = request.GET.get(PARAMETER, "") if PARAMETER in request.META.get("QUERY_STRING", "") else ""
        if wish not in TAGS:
            return self.get_response(request)
        is_new = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != wish
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = wish
        response = self.get_response(request)
        if is_new:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                wish,
                max_age=ONE_YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def address_in(language: str, path: str, query: str = "") -> str:
    """Return an address for readers of a language: ``("en", "/parts/", "kind=part")`` → ``/parts/?kind=part&hl=en``."""
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != PARAMETER]
    if language != AT_HOME:
        pairs.append((PARAMETER, language))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def switch_to(language: str, path: str, query: str = "") -> str:
    """Return the same page in another language, said in the address so that it outdoes cookie and browser."""
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != PARAMETER]
    return f"{path}?{urlencode([*pairs, (PARAMETER, language)])}"


def keep_parameters(query: str, names: Iterable[str]) -> str:
    """Return the part of a query that makes another page of it, in one order: what sorts or tracks is left out."""
    wanted = list(names)
    pairs = [
        (name, value) for name, value in parse_qsl(query) if name in wanted and value and (name, value) != ("page", "1")
    ]
    return urlencode(sorted(pairs, key=lambda pair: wanted.index(pair[0])))
