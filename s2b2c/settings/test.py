"""Settings of the test command: the dev settings with fast passwords and mail kept in memory."""

from s2b2c.settings.dev import *  # noqa: F403
from s2b2c.settings.dev import REST_FRAMEWORK, S2B2C_HOME

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files come from their folders; the suites that journeys start collect theirs elsewhere.
STATIC_ROOT = str(S2B2C_HOME / "static-of-nobody")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"]}
# Tests of the page cache switch it on, with a Redis of their own.
PAGE_CACHE_URL = ""
