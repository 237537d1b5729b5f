"""Writes of notifications: messages to people, notices and talk with organizations."""
