"""HQ's back office: Unfold's look, navigation and dashboard."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _item(title, icon: str, model: str, *, besides: str = "") -> dict:
    """
    Return one line of the side bar; it shows only to those who may view ``model`` ("app.model").

    It is lit on all pages of the model; ``besides`` names one of them that has a line of its own.
    """
    app, name = model.split(".")
    link = reverse_lazy(f"admin:{app}_{name}_changelist")
    line = {
        "title": title,
        "icon": icon,
        "link": link,
        "permission": lambda request: request.user.has_perm(f"{app}.view_{name}"),
    }
    if besides:
        own = reverse_lazy(f"admin:{app}_{name}_{besides}")
        line["active"] = lambda request: request.path.startswith(str(link)) and request.path != str(own)
    return line


UNFOLD = {
    "SITE_TITLE": _("Xingchi HQ"),
    "SITE_HEADER": _("Xingchi HQ"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "directions_car",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")}],
    "COLORS": {
        # The shop's blue, from light to dark.
        "primary": {
            "50": "rgb(238, 242, 253)",
            "100": "rgb(221, 230, 251)",
            "200": "rgb(189, 206, 248)",
            "300": "rgb(143, 174, 243)",
            "400": "rgb(88, 132, 234)",
            "500": "rgb(45, 95, 222)",
            "600": "rgb(23, 70, 209)",
            "700": "rgb(19, 57, 170)",
            "800": "rgb(17, 46, 134)",
            "900": "rgb(16, 40, 108)",
            "950": "rgb(11, 26, 71)",
        }
    },
    "STYLES": [lambda request: static("css/staff.css")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_LANGUAGES": True,
    "DASHBOARD_CALLBACK": "apps.portals.staff.dashboard.dashboard",
    "COMMAND": {
        "search_models": False,
        "search_callback": "apps.portals.staff.search.search",
        "show_history": True,
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": True,
        "navigation": [
            {
                "title": _("Sales"),
                "items": [
                    _item(_("Orders"), "receipt_long", "orders.customerorder"),
                    _item(_("Seller orders"), "storefront", "orders.sellerorder"),
                    _item(_("Fulfilments"), "local_shipping", "orders.fulfilment"),
                ],
            },
            {
                "title": _("Products"),
                "items": [
                    _item(_("Series"), "directions_car", "catalog.series"),
                    _item(_("Trims"), "tune", "catalog.trim"),
                    _item(_("Options"), "palette", "catalog.option"),
                    _item(_("Option rules"), "rule", "catalog.optionrule"),
                    _item(_("Products"), "inventory_2", "catalog.productinfo"),
                    _item(_("Offers and prices"), "sell", "catalog.offer"),
                    _item(_("Prices to review"), "price_check", "catalog.pricechange"),
                    _item(_("Products to review"), "rule_settings", "catalog.productproposal"),
                    _item(_("Price lists"), "request_quote", "catalog.pricelist"),
                ],
            },
            {
                "title": _("Members"),
                "items": [
                    _item(_("Reviews to read"), "reviews", "membership.review"),
                    _item(_("Questions"), "help", "membership.question"),
                    _item(_("Answers"), "forum", "membership.answer"),
                    _item(_("Cars in garages"), "garage_home", "membership.garagecar"),
                ],
            },
            {
                "title": _("After the sale"),
                "items": [
                    {
                        "title": _("Overview of service"),
                        "icon": "monitoring",
                        "link": reverse_lazy("admin:aftersales_servicevisit_overview"),
                        "permission": lambda request: request.user.has_perm("aftersales.view_servicevisit"),
                    },
                    _item(_("Visits to workshops"), "build", "aftersales.servicevisit", besides="overview"),
                    _item(_("Cars on the road"), "directions_car", "aftersales.vehicle"),
                    _item(_("Packages of customers"), "loyalty", "aftersales.entitlement"),
                    _item(_("Services of packages rendered"), "task_alt", "aftersales.redemption"),
                    _item(_("Recalls"), "campaign", "aftersales.recall"),
                    _item(_("Warranties"), "verified", "aftersales.warrantyterm"),
                    _item(_("Maintenance plans"), "event_repeat", "aftersales.maintenanceplan"),
                    _item(_("Work and its prices"), "handyman", "aftersales.serviceitem"),
                ],
            },
            {
                "title": _("Live service"),
                "items": [
                    {
                        "title": _("Answer customers"),
                        "icon": "support_agent",
                        "link": reverse_lazy("hq-chats"),
                        "permission": lambda request: request.user.has_perm("support.change_desk"),
                    },
                    _item(_("Conversations"), "chat", "support.conversation"),
                    _item(_("Agents"), "headset_mic", "support.agent"),
                    _item(_("Prepared replies"), "quickreply", "support.cannedreply"),
                    _item(_("Desks"), "schedule", "support.desk"),
                    _item(_("Judgements"), "star", "support.rating"),
                ],
            },
            {
                "title": _("Stock"),
                "items": [
                    _item(_("Stock levels"), "warehouse", "inventory.stocklevel"),
                    _item(_("Reservations"), "lock_clock", "inventory.reservation"),
                    _item(_("Movements"), "swap_horiz", "inventory.movement"),
                    _item(_("Vehicles by VIN"), "pin", "inventory.unit"),
                    _item(_("Sites"), "location_on", "inventory.site"),
                ],
            },
            {
                "title": _("Money"),
                "items": [
                    _item(_("Payments"), "payments", "payments.payment"),
                    _item(_("Refunds"), "undo", "payments.refund"),
                    _item(_("Provider events"), "cell_tower", "payments.paymentevent"),
                ],
            },
            {
                "title": _("Partners"),
                "items": [
                    _item(_("Organizations"), "domain", "accounts.organization"),
                    _item(_("Dealers"), "garage", "dealers.dealer"),
                    _item(_("Stores"), "store", "dealers.store"),
                    _item(_("Authorizations"), "verified_user", "dealers.authorization"),
                    _item(_("Territories"), "map", "dealers.territory"),
                    _item(_("Quotas"), "speed", "dealers.quota"),
                    _item(_("Benefits of levels"), "military_tech", "dealers.levelbenefit"),
                    _item(_("Decisions about dealers"), "history", "dealers.channelchange"),
                    _item(_("Suppliers"), "factory", "suppliers.supplier"),
                    _item(_("Applications"), "how_to_reg", "onboarding.application"),
                    _item(_("Requirements"), "fact_check", "onboarding.requirementtype"),
                    _item(_("Contract versions"), "contract", "onboarding.contracttemplate"),
                ],
            },
            {
                "title": _("System"),
                "items": [
                    _item(_("Users"), "group", "accounts.user"),
                    _item(_("Imports"), "upload_file", "kernel.importrun"),
                    _item(_("Messages"), "sms", "notifications.message"),
                    _item(_("Talk with organizations"), "forum", "notifications.threadmessage"),
                    _item(_("Outbox"), "outbox", "kernel.outboxdelivery"),
                    _item(_("Webhooks"), "webhook", "webhooks.webhookendpoint"),
                    _item(_("Webhook deliveries"), "send", "webhooks.webhookdelivery"),
                    _item(_("Audit trail"), "history", "kernel.auditentry"),
                    _item(_("Refused attempts"), "block", "kernel.refusedattempt"),
                ],
            },
        ],
    },
}
