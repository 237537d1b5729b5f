"""Settings of sign-in: allauth, second factors, lockout, sessions. Imported by base."""

import environ

env = environ.Env()
# In a demo one address, and one account, plays a crowd: so many times what a single visitor may.
CROWD = 100 if env.bool("S2B2C_DEMO", default=False) else 1

AUTHENTICATION_BACKENDS = [
    # Refuses whoever used up a budget of failures, before any password is looked at.
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"
# Where a person who switches to another organization begins anew, by its kind.
PORTAL_HOMES = {"SUPPLIER": "/supplier/", "DEALER": "/dealer/"}
# Reads below these run as the tenant role, for one organization: see apps/kernel/tenancy.py.
TENANT_PREFIXES = {
    "/supplier/": "SUPPLIER",
    "/dealer/": "DEALER",
    "/api/v1/supplier/": "SUPPLIER",
    "/api/v1/dealer/": "DEALER",
}
# What headquarters never changes in another's name.
IMPERSONATION_FORBIDS = r"/(supplier|dealer)/(team|keys|webhooks|documents|bank|contract)/"
# How many proxies of ours stand before the web process: 0 believes the socket, n the n-th last X-Forwarded-For entry.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# One account, entered by phone or by e-mail address.
ACCOUNT_ADAPTER = "apps.accounts.web.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "apps.accounts.web.sign_up.SignUpDetails"
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "company_fax"
ACCOUNT_FORMS = {
    "login": "apps.accounts.web.forms.LoginForm",
    "signup": "apps.accounts.web.forms.SignupForm",
    "request_login_code": "apps.accounts.web.forms.RequestLoginCodeForm",
    "confirm_login_code": "apps.accounts.web.forms.ConfirmLoginCodeForm",
    "verify_phone": "apps.accounts.web.forms.VerifyPhoneForm",
    "reauthenticate": "apps.accounts.web.forms.ReauthenticateForm",
    "add_email": "apps.accounts.web.forms.AddEmailForm",
    "reset_password": "apps.accounts.web.forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.web.forms.ResetPasswordKeyForm",
    "change_password": "apps.accounts.web.forms.ChangePasswordForm",
    "set_password": "apps.accounts.web.forms.SetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_UNIQUE_EMAIL = True
# A new account works at once; a banner asks to confirm the address. Phones are always confirmed by code.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
# Its resend fails for a number without account (65.21), which would tell who has one: the page asks anew instead.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = False
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 3
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = False
# Six digits: what phones offer to fill in by themselves. Guessing is bounded by the attempts above and the rates below.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_RATE_LIMITS = {
    "login": env("RATE_LOGIN", default=f"{60 * CROWD}/m/ip"),
    # By key: an account and its second factor. The database keeps budgets that a lost cache does not forget, see below.
    "login_failed": env("RATE_LOGIN_FAILED", default="60/m/ip,10/300s/key"),
    "signup": env("RATE_SIGNUP", default=f"{20 * CROWD}/m/ip"),
    "request_login_code": env("RATE_LOGIN_CODE", default="20/m/ip,3/m/key,10/h/key,30/d/key"),
    "verify_phone": env("RATE_VERIFY_PHONE", default="1/30s/key,10/h/key,20/m/ip"),
    "change_phone": "5/h/user",
    "reset_password": "20/m/ip,3/m/key,10/d/key",
}

# Failed sign-ins that lock for AXES_COOLOFF_TIME: by account and address together, by account, by address.
SIGN_IN_BUDGETS = {
    "pair": env.int("SIGN_IN_BUDGET_PAIR", default=8),
    "account": env.int("SIGN_IN_BUDGET_ACCOUNT", default=40),
    "address": env.int("SIGN_IN_BUDGET_ADDRESS", default=100),
}
AXES_HANDLER = "apps.accounts.web.lockout.BudgetHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
AXES_FAILURE_LIMIT = 1000
AXES_COOLOFF_TIME = 0.25
AXES_CLIENT_IP_CALLABLE = "apps.accounts.web.lockout.client_address"
AXES_USERNAME_CALLABLE = "apps.accounts.web.lockout.account_key"
AXES_LOCKOUT_CALLABLE = "apps.accounts.web.lockout.locked_out_response"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "phone", "password", "username", "csrfmiddlewaretoken"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Second factors. Which roles need one: MFA_REQUIRED_ROLES in base.
MFA_ADAPTER = "apps.accounts.web.mfa_adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "apps.accounts.web.forms.AuthenticateForm",
    "reauthenticate": "apps.accounts.web.forms.ReauthenticateByCodeForm",
    "activate_totp": "apps.accounts.web.forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Xingchi"
# One step of 30 s either way, for phones whose clock is off.
MFA_TOTP_TOLERANCE = 1
SECOND_FACTOR_URL = "/account/second-factor/"
# Pages that need the second factor of whoever's role asks for one; REST views check it with their role.
SECOND_FACTOR_PREFIXES = ("/admin/", "/cms/", "/dealer/", "/supplier/", "/bi/")

# Apps: /_allauth/app/v1/…, answered with a session token.
HEADLESS_CLIENTS = ("app",)
HEADLESS_SERVE_SPECIFICATION = False
HEADLESS_FRONTEND_URLS = {}

USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_NAME = "xc_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "xc_csrf"
CSRF_COOKIE_SAMESITE = "Lax"

# The carrier registers the wording of every SMS and gives it a code, per language: message template → language → code.
SMS_TEMPLATE_CODES = env.json(
    "SMS_TEMPLATE_CODES",
    default={
        "sign_in_code": {"zh-hans": "SMS_100000001", "en": "SMS_200000001"},
        "account_exists": {"zh-hans": "SMS_100000002", "en": "SMS_200000002"},
        "account_unknown": {"zh-hans": "SMS_100000003", "en": "SMS_200000003"},
        "order_placed": {"zh-hans": "SMS_100000004", "en": "SMS_200000004"},
        "deposit_paid": {"zh-hans": "SMS_100000005", "en": "SMS_200000005"},
        "pickup_code": {"zh-hans": "SMS_100000006", "en": "SMS_200000006"},
        "shipped": {"zh-hans": "SMS_100000007", "en": "SMS_200000007"},
        "order_cancelled": {"zh-hans": "SMS_100000008", "en": "SMS_200000008"},
        "order_refunded": {"zh-hans": "SMS_100000009", "en": "SMS_200000009"},
        "team_invitation": {"zh-hans": "SMS_100000016", "en": "SMS_200000016"},
        "order_expired": {"zh-hans": "SMS_100000010", "en": "SMS_200000010"},
        "application_link": {"zh-hans": "SMS_100000011", "en": "SMS_200000011"},
        "application_invited": {"zh-hans": "SMS_100000012", "en": "SMS_200000012"},
        "application_more": {"zh-hans": "SMS_100000013", "en": "SMS_200000013"},
        "application_reminder": {"zh-hans": "SMS_100000014", "en": "SMS_200000014"},
        "application_approved": {"zh-hans": "SMS_100000015", "en": "SMS_200000015"},
        "test_drive_booked": {"zh-hans": "SMS_100000031", "en": "SMS_200000031"},
        "test_drive_confirmed": {"zh-hans": "SMS_100000032", "en": "SMS_200000032"},
        "test_drive_moved": {"zh-hans": "SMS_100000033", "en": "SMS_200000033"},
        "test_drive_cancelled": {"zh-hans": "SMS_100000034", "en": "SMS_200000034"},
        "test_drive_reminder": {"zh-hans": "SMS_100000035", "en": "SMS_200000035"},
        "test_drive_offered": {"zh-hans": "SMS_100000036", "en": "SMS_200000036"},
        "service_booked": {"zh-hans": "SMS_100000041", "en": "SMS_200000041"},
        "service_moved": {"zh-hans": "SMS_100000042", "en": "SMS_200000042"},
        "service_cancelled": {"zh-hans": "SMS_100000043", "en": "SMS_200000043"},
        "service_reminder": {"zh-hans": "SMS_100000044", "en": "SMS_200000044"},
        "service_ready": {"zh-hans": "SMS_100000045", "en": "SMS_200000045"},
        "service_question": {"zh-hans": "SMS_100000046", "en": "SMS_200000046"},
        "handover_offered": {"zh-hans": "SMS_100000071", "en": "SMS_200000071"},
        "handover_booked": {"zh-hans": "SMS_100000072", "en": "SMS_200000072"},
        "handover_moved": {"zh-hans": "SMS_100000073", "en": "SMS_200000073"},
        "handover_cancelled": {"zh-hans": "SMS_100000074", "en": "SMS_200000074"},
        "handover_reminder": {"zh-hans": "SMS_100000075", "en": "SMS_200000075"},
        "handover_done": {"zh-hans": "SMS_100000076", "en": "SMS_200000076"},
        "balance_reminder": {"zh-hans": "SMS_100000077", "en": "SMS_200000077"},
        "balance_overdue": {"zh-hans": "SMS_100000078", "en": "SMS_200000078"},
        "recall_notice": {"zh-hans": "SMS_100000047", "en": "SMS_200000047"},
        "service_due": {"zh-hans": "SMS_100000048", "en": "SMS_200000048"},
        "loan_approved": {"zh-hans": "SMS_100000061", "en": "SMS_200000061"},
        "loan_refused": {"zh-hans": "SMS_100000062", "en": "SMS_200000062"},
        "loan_more_asked": {"zh-hans": "SMS_100000063", "en": "SMS_200000063"},
        "loan_expiring": {"zh-hans": "SMS_100000064", "en": "SMS_200000064"},
        "loan_expired": {"zh-hans": "SMS_100000065", "en": "SMS_200000065"},
        "loan_paid_out": {"zh-hans": "SMS_100000066", "en": "SMS_200000066"},
        "trade_in_inspected": {"zh-hans": "SMS_100000067", "en": "SMS_200000067"},
        "trade_in_declined": {"zh-hans": "SMS_100000068", "en": "SMS_200000068"},
        "trade_in_expiring": {"zh-hans": "SMS_100000069", "en": "SMS_200000069"},
        "support_answered": {"zh-hans": "SMS_100000051", "en": "SMS_200000051"},
    },
)
