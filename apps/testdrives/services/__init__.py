"""Writes of test drives."""
