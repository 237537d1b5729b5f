"""Settings shared by every process. Values that differ between machines come from the environment."""

from pathlib import Path

import environ
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403

from s2b2c.ports import PORTS  # noqa: F401
from s2b2c.release import newest_change
from s2b2c.settings.accounts import *  # noqa: F403
from s2b2c.settings.content_policy import *  # noqa: F403
from s2b2c.settings.logs import DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL, LOGGING  # noqa: F401
from s2b2c.settings.outside import *  # noqa: F403
from s2b2c.settings.rest import *  # noqa: F403
from s2b2c.settings.staff import UNFOLD  # noqa: F401

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
S2B2C_HOME = Path(env("S2B2C_HOME", default=str(BASE_DIR / ".local")))

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
DEMO = env.bool("S2B2C_DEMO", default=False)
# The shop's shutters: see s2b2c/maintenance.py.
MAINTENANCE = env.bool("MAINTENANCE", default=False)
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "s2b2c.urls"
WSGI_APPLICATION = "s2b2c.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

OUR_APPS = [
    "apps.kernel.apps.KernelConfig",
    "apps.accounts.apps.AccountsConfig",
    "apps.notifications.apps.NotificationsConfig",
    "apps.onboarding.apps.OnboardingConfig",
    "apps.suppliers.apps.SuppliersConfig",
    "apps.dealers.apps.DealersConfig",
    "apps.catalog.apps.CatalogConfig",
    "apps.inventory.apps.InventoryConfig",
    "apps.payments.apps.PaymentsConfig",
    "apps.membership.apps.MembershipConfig",
    "apps.leads.apps.LeadsConfig",
    "apps.scheduling.apps.SchedulingConfig",
    "apps.orders.apps.OrdersConfig",
    "apps.testdrives.apps.TestdrivesConfig",
    "apps.financing.apps.FinancingConfig",
    "apps.aftersales.apps.AftersalesConfig",
    "apps.support.apps.SupportConfig",
    "apps.integrations.apps.IntegrationsConfig",
    "apps.integrations.webhooks.apps.WebhooksConfig",
    "apps.portals.storefront.apps.StorefrontConfig",
    "apps.portals.staff.apps.StaffConfig",
    "apps.portals.supplier.apps.SupplierPortalConfig",
    "apps.portals.dealer.apps.DealerPortalConfig",
    "apps.portals.cms.apps.CmsConfig",
]
# Oscar's dashboards, checkout views and shop router are not installed: HQ works in the Django admin, our own
# storefront is the only shop. Two apps are forked, without fields of their own (see apps/shop/README.md).
OSCAR_APPS = [
    "oscar.apps.analytics.apps.AnalyticsConfig",
    "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "apps.shop.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.offer.apps.OfferConfig",
    "apps.shop.order.apps.OrderConfig",
    "oscar.apps.customer.apps.CustomerConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
    "oscar.apps.wishlists.apps.WishlistsConfig",
]
WAGTAIL_APPS = [
    "wagtail.contrib.redirects",
    "wagtail.contrib.forms",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
]
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.humanize",
    "django.contrib.flatpages",  # Oscar's customer migrations depend on it
    *OUR_APPS,
    *OSCAR_APPS,
    "widget_tweaks",
    "haystack",
    "treebeard",
    "django_tables2",
    *WAGTAIL_APPS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "import_export",
    "pgtrigger",
    "axes",
    "csp",
    "django_prometheus",
    "django_structlog",
    "health_check",
]
# The forks add no tables or columns, so they share Oscar's own migrations.
MIGRATION_MODULES = {"partner": "oscar.apps.partner.migrations", "order": "oscar.apps.order.migrations"}

MIDDLEWARE = [
    "s2b2c.maintenance.MaintenanceMiddleware",
    "apps.kernel.web.page_cache.PageCacheMiddleware",
    "apps.kernel.web.compression.CompressionMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "apps.kernel.web.middleware.RefuseNulBytes",
    "apps.kernel.web.middleware.RefuseGiants",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "s2b2c.security.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "apps.kernel.web.sessions.SessionMiddleware",
    "apps.portals.storefront.languages.LanguageDoor",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.kernel.audit.middleware.AuditActorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "apps.accounts.web.middleware.SecondFactorMiddleware",
    "apps.accounts.web.portal_middleware.ImpersonationMiddleware",
    "apps.accounts.web.portal_middleware.TenantMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.portals.storefront.context.shop",
                "apps.portals.frame.portal",
                "apps.kernel.web.page_cache.blank_token",
            ],
        },
    }
]
COTTON_DIR = "components"
# A component sees its attributes and the request, never the page it stands on.
COTTON_ISOLATE_BY_DEFAULT = True

DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///s2b2c")}
DATABASES["default"].update(
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
    ENGINE="django.db.backends.postgresql",
)
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].update(
    connect_timeout=5,
    # A connection that went dead without a word is given up after 20 seconds instead of hanging for hours.
    keepalives_idle=5,
    keepalives_interval=5,
    keepalives_count=3,
    tcp_user_timeout=20000,
    # A lock is waited for this long, a statement runs this long, in milliseconds; then the edge answers 503, not never.
    # Pages lie in memory or on flash: reading here and there costs hardly more than reading on.
    options="-c lock_timeout=10000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 "
    "-c random_page_cost=1.1",
)

# Who may read /metrics from another machine; without it only the machine itself may.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "s2b2c.cache.ForgetfulRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "s2b2c",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
# Whole pages for visitors who are not signed in; "" switches it off. Pages of another release are not shown.
PAGE_CACHE_URL = env("PAGE_CACHE_URL", default=REDIS_URL)
RELEASE = env("RELEASE", default="") or lazy(newest_change, str)(BASE_DIR)
# Says whether the session beside it belongs to somebody who is signed in.
VISITOR_COOKIE_NAME = "xc_visitor"

# The database is the truth for sessions, so that a Redis that is down signs nobody out and loses no cart.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# The largest body anybody may send: a table to import (40 MB) and its form. nginx says no before us.
MOST_BODY_BYTES = 44 * 1024**2

CSRF_FAILURE_VIEW = "apps.kernel.web.errors.csrf_failure"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_CODES = ("zh-hans", "en")
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
# The parameter by which an address asks for a language.
LANGUAGE_PARAMETER = "hl"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["s2b2c.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(S2B2C_HOME / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_ROOT", default=str(S2B2C_HOME / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # What no address leads to: licences and other papers; photos until somebody has looked at them.
    **{
        name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": env(f"{name.upper()}_ROOT", default=str(S2B2C_HOME / name)), "base_url": None},
        }
        for name in ("private", "reviews")
    },
}

# Oscar
OSCAR_SHOP_NAME = "星驰"
OSCAR_DEFAULT_CURRENCY = "CNY"
OSCAR_SLUG_ALLOW_UNICODE = False
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"

# Wagtail
WAGTAIL_SITE_NAME = "星驰内容"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_LOGIN_URL = "/cms-door/"
# Passwords and addresses change on the sign-in pages, with their proofs.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_I18N_ENABLED = False

# Celery: the outbox in PostgreSQL is the truth; Redis only carries.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "notifications.deliver_waiting": {"task": "notifications.deliver_waiting", "schedule": 30.0},
}

# Encrypted fields: "id:base64key,…", the first one encrypts, all decrypt. 32 bytes each.
FIELD_KEYS = env("FIELD_KEYS", default="")
BLIND_INDEX_KEY = env("BLIND_INDEX_KEY", default="")

# Where providers reach our hooks.
HOOKS_BASE_URL = env("HOOKS_BASE_URL", default=SITE_URL)

EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = str(S2B2C_HOME / "outbox-mail")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="星驰汽车 <no-reply@xingchi.example>")

# Roles that must sign in with a second factor.
MFA_REQUIRED_ROLES = env.list(
    "MFA_REQUIRED_ROLES",
    default=["hq_operator", "hq_auditor"]
    if DEMO
    else [
        "hq_operator",
        "hq_auditor",
        "cms_editor",
        "dealer_manager",
        "dealer_clerk",
        "supplier",
        "supplier_clerk",
    ],
)
# Sign-up asks for a phone or an e-mail address, and checks that one of them is there: apps/accounts/web/sign_up.py.
SILENCED_SYSTEM_CHECKS = ["account.W001"]

# A cell that a spreadsheet would run is exported as text.
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
