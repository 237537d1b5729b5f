"""The only door to onboarding."""

__all__: list[str] = []
