"""Reads of dealers, by noun."""
