"""Settings of `make demo` and of a developer's shell: production's shape with local secrets."""

from s2b2c.settings.base import *  # noqa: F403
from s2b2c.settings.base import STORAGES, env

SECRET_KEY = env("SECRET_KEY", default="local-demo-secret-that-production-settings-refuse")
FIELD_KEYS = env("FIELD_KEYS", default="demo1:bG9jYWwtZGVtby1maWVsZC1rZXktMzItYnl0ZXMtISE=")
BLIND_INDEX_KEY = env("BLIND_INDEX_KEY", default="bG9jYWwtZGVtby1ibGluZC1rZXktMzItYnl0ZXMtISE=")
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "s2b2c.static_files.DemoStaticFilesStorage"}}
