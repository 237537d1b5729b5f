"""Reads of membership, by noun."""
