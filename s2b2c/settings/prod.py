"""Settings of production: everything from the environment, nothing assumed."""

from django.core.exceptions import ImproperlyConfigured

from s2b2c.settings.base import *  # noqa: F403
from s2b2c.settings.base import BLIND_INDEX_KEY, DEMO, FIELD_KEYS, SECRET_KEY

if DEMO:
    raise ImproperlyConfigured("S2B2C_DEMO=1 creates accounts with a published password; production refuses to start with it.")
for _name, _value in {"SECRET_KEY": SECRET_KEY, "FIELD_KEYS": FIELD_KEYS, "BLIND_INDEX_KEY": BLIND_INDEX_KEY}.items():
    if not _value or "demo" in _value.lower():
        raise ImproperlyConfigured(f"{_name} must be set to a secret of this installation.")

SECURE_SSL_REDIRECT = True
# Probes and Prometheus speak plain HTTP inside the cluster.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
OSCAR_BASKET_COOKIE_SECURE = True
