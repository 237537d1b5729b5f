"""Settings of the REST API: who is let in, how often, how answers and the schema look. Imported by base."""

import environ

from s2b2c.settings.accounts import CROWD

env = environ.Env()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.rest.authentication.ApiKeyAuthentication",
        "allauth.headless.contrib.rest_framework.authentication.XSessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.kernel.rest.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "apps.kernel.rest.pagination.PageNumberPagination",
    "EXCEPTION_HANDLER": "apps.kernel.rest.errors.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env("THROTTLE_ANON", default=f"{600 * CROWD}/min"),
        "user": env("THROTTLE_USER", default=f"{1200 * CROWD}/min"),
        "checkout": env("THROTTLE_CHECKOUT", default=f"{60 * CROWD}/min"),
        "pay": env("THROTTLE_PAY", default=f"{60 * CROWD}/min"),
        "chat": env("THROTTLE_CHAT", default=f"{30 * CROWD}/hour"),
        "leads": env("THROTTLE_LEADS", default=f"{10 * CROWD}/hour"),
        "hand_over": env("THROTTLE_HAND_OVER", default=f"{30 * CROWD}/min"),
    },
    "NUM_PROXIES": env.int("TRUSTED_PROXY_COUNT", default=0),
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Xingchi S2B2C",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["s2b2c.schema.only_ours"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "OrderStatusEnum": "apps.orders.states.OrderStatus",
        "FulfilmentStatusEnum": "apps.orders.states.FulfilmentStatus",
        "TestDriveStatusEnum": "apps.testdrives.states.TestDriveStatus",
    },
}
