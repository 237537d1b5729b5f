"""Routes under /dealer/."""

from django.urls import path

from apps.portals.dealer.web import (
    customers,
    home,
    inspections,
    leads,
    messages,
    orders,
    quotes,
    standing,
    statements,
    stock,
)

urlpatterns = [
    path("", home.home, name="dealer-home"),
    path("fulfilments/<int:fulfilment_id>/<slug:name>/", home.move, name="dealer-home-move"),
    path("orders/", orders.orders, name="dealer-orders"),
    path("orders/<int:fulfilment_id>/", orders.order, name="dealer-order"),
    path("orders/<int:fulfilment_id>/reveal/", orders.reveal, name="dealer-order-reveal"),
    path("orders/<int:fulfilment_id>/order.pdf", orders.order_paper, name="dealer-order-paper"),
    path("orders/<int:fulfilment_id>/inspect/", inspections.begin, name="dealer-inspect"),
    path("inspections/<int:inspection_id>/", inspections.inspection, name="dealer-inspection"),
    path("leads/", leads.leads, name="dealer-leads"),
    path("leads/new/", leads.new_lead, name="dealer-lead-new"),
    path("leads/sellers/", leads.sellers, name="dealer-sellers"),
    path("leads/<int:lead_id>/", leads.lead, name="dealer-lead"),
    path("leads/<int:lead_id>/<slug:name>/", leads.act, name="dealer-lead-act"),
    path("quotes/", quotes.quotes, name="dealer-quotes"),
    path("quotes/new/", quotes.new_quote, name="dealer-quote-new"),
    path("quotes/<slug:number>.pdf", quotes.quote_paper, name="dealer-quote-paper"),
    path("quotes/<slug:number>/", quotes.quote, name="dealer-quote"),
    path("stock/", stock.stock, name="dealer-stock"),
    path("stock/parts/", stock.parts, name="dealer-parts"),
    path("standing/", standing.standing, name="dealer-standing"),
    path("customers/", customers.customers, name="dealer-customers"),
    path("messages/", messages.message_list, name="dealer-messages"),
    path("statements/", statements.statements, name="dealer-statements"),
]
