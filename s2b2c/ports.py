"""The one table that maps a port to the adapter that answers it: port name → dotted path of a zero-argument factory."""

PORTS: dict[str, str] = {
    "portals.queue.webhooks": "apps.integrations.webhooks.adapters.DisabledWebhooks",
    "accounts.messenger": "apps.notifications.adapters.AccountMessenger",
    "onboarding.applicant.supplier": "apps.suppliers.adapters.SupplierApplicant",
    "onboarding.applicant.dealer": "apps.dealers.adapters.DealerApplicant",
    "payments.gateway.wechatpay": "apps.integrations.wechatpay.adapter.WeChatPayGateway",
    "payments.gateway.alipay": "apps.integrations.alipay.adapter.AlipayGateway",
    "payments.gateway.stripe": "apps.integrations.stripe.adapter.StripeGateway",
    "notifications.sms": "apps.integrations.sms.adapter.AliyunSms",
    "catalog.site_directory": "apps.inventory.adapters.SiteDirectory",
    "catalog.ratings": "apps.membership.adapters.Ratings",
    "dealers.vehicles": "apps.catalog.dealer_vehicles.DealerVehicles",
    "membership.purchases": "apps.orders.adapters.Purchases",
    "membership.vehicles": "apps.inventory.adapters.VehicleRegistry",
    "shop.price": "apps.catalog.adapters.OfferPrice",
    "shop.availability": "apps.inventory.adapters.SiteAvailability",
    "shop.order_number": "apps.orders.adapters.OrderNumber",
    "kernel.imports.offers": "apps.catalog.adapters.OfferImport",
    "kernel.imports.parts": "apps.catalog.adapters.PartImport",
    "kernel.imports.stock": "apps.inventory.adapters.StockImport",
    "orders.vouchers": "apps.orders.ports.NullVouchers",
}
