"""On whose behalf a run works: headquarters' scope is empty, a portal's names its organization."""

PREFIX = "organization:"


def scope_of(organization_id: int) -> str:
    """Return the scope of an organization's runs."""
    return f"{PREFIX}{organization_id}"


def organization_in(scope: str) -> int | None:
    """Return the organization a scope names; None for headquarters, who work for everybody."""
    return int(scope.removeprefix(PREFIX)) if scope.startswith(PREFIX) else None
