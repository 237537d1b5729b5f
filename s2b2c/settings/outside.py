"""Settings of what lies outside: payment providers, SMS, partners' webhooks. Imported by base."""

import environ

env = environ.Env()

# Providers; in the demo and the tests the sandbox's own `init` command issues these.
WECHATPAY = {
    "BASE_URL": env("WECHATPAY_BASE_URL", default="https://api.mch.weixin.qq.com"),
    "MCHID": env("WECHATPAY_MCHID", default=""),
    "APPID": env("WECHATPAY_APPID", default=""),
    "CERT_SERIAL": env("WECHATPAY_CERT_SERIAL", default=""),
    "PRIVATE_KEY_FILE": env("WECHATPAY_PRIVATE_KEY_FILE", default=""),
    "API_V3_KEY": env("WECHATPAY_API_V3_KEY", default=""),
    "PUBLIC_KEY_FILE": env("WECHATPAY_PUBLIC_KEY_FILE", default=""),
    "PUBLIC_KEY_ID": env("WECHATPAY_PUBLIC_KEY_ID", default=""),
}
ALIPAY = {
    "GATEWAY_URL": env("ALIPAY_GATEWAY_URL", default="https://openapi.alipay.com/gateway.do"),
    "APP_ID": env("ALIPAY_APP_ID", default=""),
    "SELLER_ID": env("ALIPAY_SELLER_ID", default=""),
    "PRIVATE_KEY_FILE": env("ALIPAY_PRIVATE_KEY_FILE", default=""),
    "PUBLIC_KEY_FILE": env("ALIPAY_PUBLIC_KEY_FILE", default=""),
}
STRIPE = {
    "BASE_URL": env("STRIPE_BASE_URL", default="https://api.stripe.com"),
    "SECRET_KEY": env("STRIPE_SECRET_KEY", default=""),
    "WEBHOOK_SECRET": env("STRIPE_WEBHOOK_SECRET", default=""),
    "ACCOUNT": env("STRIPE_ACCOUNT", default=""),
}
# Lenders, all by one agreed protocol: our key signs, theirs is what they sign with.
LENDER = {
    "BASE_URL": env("LENDER_BASE_URL", default=""),
    "KEY_ID": env("LENDER_OWN_KEY_ID", default=""),
    "PRIVATE_KEY_FILE": env("LENDER_PRIVATE_KEY_FILE", default=""),
    "LENDER_KEY_ID": env("LENDER_KEY_ID", default=""),
    "LENDER_KEY_FILE": env("LENDER_PUBLIC_KEY_FILE", default=""),
}
SMS = {
    "ENDPOINT": env("SMS_ENDPOINT", default="dysmsapi.aliyuncs.com"),
    "PROTOCOL": env("SMS_PROTOCOL", default="https"),
    "ACCESS_KEY_ID": env("SMS_ACCESS_KEY_ID", default=""),
    "ACCESS_KEY_SECRET": env("SMS_ACCESS_KEY_SECRET", default=""),
    "SIGN_NAME": env("SMS_SIGN_NAME", default="星驰汽车"),
}
# Where browsers reach the live server (ws://… or wss://…, without a path); empty: open pages ask every few seconds.
LIVE_URL = env("LIVE_URL", default="").rstrip("/")
# Every call to an outside system gives up after this many seconds.
OUTSIDE_DEADLINE = env.float("OUTSIDE_DEADLINE", default=8.0)
# Outgoing webhooks: seconds for a whole call, and whether this machine itself may be called, by plain http too (the
# demo and tests; production refuses).
WEBHOOKS = {
    "DEADLINE": env.float("WEBHOOKS_DEADLINE", default=10.0),
    "ALLOW_LOOPBACK": env.bool("WEBHOOKS_ALLOW_LOOPBACK", default=env.bool("S2B2C_DEMO", default=False)),
}
