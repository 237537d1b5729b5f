"""The ASGI door: for WebSocket surfaces."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.prod")
application = get_asgi_application()
