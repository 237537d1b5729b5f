"""Writes of membership, by noun."""
