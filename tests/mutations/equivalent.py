"""
Guards whose loss no test can notice, because something else decides the same.

Few, and each with a reason that a stranger accepts: (app, module, function, kind, text of the line) -> reason.
"""

_LOOKED_UP = "narrows what is read at once; each row is looked up under its own dealer afterwards"

EQUIVALENT: dict[tuple[str, str, str, str, str], str] = {
    (
        "dealers",
        "authorization_import.py",
        "_Check.__init__",
        "scope",
        'rights = Authorization.objects.filter(dealer__code__in=self.dealers, is_void=False).select_related("dealer")',
    ): _LOOKED_UP,
    ("dealers", "authorization_import.py", "_find", "scope", "rights = Authorization.objects.filter("): _LOOKED_UP,
    (
        "dealers",
        "reference.py",
        "_load_territories",
        "scope",
        'had = set(Territory.objects.filter(dealer__in=dealers.values()).values_list("dealer_id", flat=True))',
    ): _LOOKED_UP,
    (
        "dealers",
        "reference.py",
        "_load_quotas",
        "scope",
        (
            "known = set(Quota.objects.filter(dealer__in=dealers.values())"
            '.values_list("dealer_id", "series_code", "model_code"))'
        ),
    ): _LOOKED_UP,
    (
        "dealers",
        "reference.py",
        "_load_authorizations",
        "scope",
        "for row in Authorization.objects.filter(dealer__in=dealers.values())",
    ): _LOOKED_UP,
}
