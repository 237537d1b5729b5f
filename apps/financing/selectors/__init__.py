"""Reads of financing."""
