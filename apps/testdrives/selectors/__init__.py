"""Reads of test drives."""
