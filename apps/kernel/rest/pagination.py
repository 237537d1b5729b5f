"""Lists: ``{"count", "next", "previous", "results"}``, 20 to a page, 100 at most."""

from rest_framework import pagination


class PageNumberPagination(pagination.PageNumberPagination):
    """Pages by ``page`` and ``page_size``; a page out of range is 404 ``not_found``."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
