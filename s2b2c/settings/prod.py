"""Settings of production: everything from the environment, nothing assumed."""

from django.core.exceptions import ImproperlyConfigured

from s2b2c.settings.base import *  # noqa: F403
from s2b2c.settings.base import BLIND_INDEX_KEY, DEMO, FIELD_KEYS, SECRET_KEY, WEBHOOKS, env

if DEMO:
    raise ImproperlyConfigured(
        "S2B2C_DEMO=1 creates accounts with a published password; production refuses to start with it."
    )
if WEBHOOKS["ALLOW_LOOPBACK"]:
    raise ImproperlyConfigured("WEBHOOKS_ALLOW_LOOPBACK lets partners call this machine; production refuses it.")
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

EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
