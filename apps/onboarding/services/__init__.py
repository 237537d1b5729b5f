"""Writes of onboarding, by noun."""
