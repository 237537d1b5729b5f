"""The project: settings, doors, health, and what runs it."""

# Whoever loads the project gets its Celery application; without it tasks would be sent to Celery's default broker.
from s2b2c.celery import app as celery_app

__all__ = ["celery_app"]
