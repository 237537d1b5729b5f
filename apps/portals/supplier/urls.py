"""Routes under /supplier/."""

from django.urls import path

from apps.portals.supplier.web import desk, home, imports, messages, offers, orders, proposals, scorecard, sites

urlpatterns = [
    path("", home.home, name="supplier-home"),
    path("fulfilments/<int:fulfilment_id>/<slug:name>/", orders.move, name="supplier-home-move"),
    path("orders/", orders.order_list, name="supplier-orders"),
    path("orders/<int:fulfilment_id>/", orders.order_detail, name="supplier-order"),
    path("orders/<int:fulfilment_id>/part/", orders.accept_part, name="supplier-order-part"),
    path("orders/<int:fulfilment_id>/label.pdf", orders.label, name="supplier-order-label"),
    path("orders/<int:fulfilment_id>/packing-list.pdf", orders.packing_list, name="supplier-order-packing-list"),
    path("offers/", offers.offer_list, name="supplier-offers"),
    path("offers/<str:sku>/", offers.offer_detail, name="supplier-offer"),
    path("offers/<str:sku>/terms/", offers.terms, name="supplier-offer-terms"),
    path("offers/<str:sku>/stock/<slug:site>/", offers.count, name="supplier-offer-count"),
    path("offers/<str:sku>/switch/", offers.switch, name="supplier-offer-switch"),
    path("sites/", sites.site_list, name="supplier-sites"),
    path("sites/open/", sites.site_open, name="supplier-site-open"),
    path("sites/<slug:site>/", sites.site_detail, name="supplier-site"),
    path("sites/<slug:site>/change/", sites.site_change, name="supplier-site-change"),
    path("sites/<slug:site>/close/", sites.site_close, name="supplier-site-close"),
    path("proposals/", proposals.proposal_list, name="supplier-proposals"),
    path("proposals/new/", proposals.propose, name="supplier-propose"),
    path("proposals/<int:proposal_id>/", proposals.proposal_detail, name="supplier-proposal"),
    path("proposals/<int:proposal_id>/again/", proposals.propose_again, name="supplier-propose-again"),
    path("proposals/<int:proposal_id>/withdraw/", proposals.withdraw, name="supplier-proposal-withdraw"),
    path("imports/", imports.import_list, name="supplier-imports"),
    path("imports/template/<slug:kind>/", imports.template, name="supplier-import-template"),
    path("imports/<int:run_id>/", imports.import_run, name="supplier-import"),
    path("imports/<int:run_id>/progress/", imports.progress, name="supplier-import-progress"),
    path("imports/<int:run_id>/problems.csv", imports.problems, name="supplier-import-problems"),
    path("imports/<int:run_id>/<slug:name>/", imports.move, name="supplier-import-move"),
    path("messages/", messages.message_list, name="supplier-messages"),
    path("scorecard/", scorecard.scorecard, name="supplier-scorecard"),
    path("returns/", desk.returns, name="supplier-returns"),
    path("statements/", desk.statements, name="supplier-statements"),
]
