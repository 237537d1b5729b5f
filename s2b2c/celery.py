"""The Celery application: workers and beat start with `celery -A s2b2c`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.prod")
app = Celery("s2b2c")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
