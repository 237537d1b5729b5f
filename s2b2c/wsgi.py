"""The WSGI door: what gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.prod")
application = get_wsgi_application()
