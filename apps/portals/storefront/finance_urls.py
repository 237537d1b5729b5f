"""Addresses of finance: the calculator, applications, cars in part exchange; and what members were told."""

from django.urls import path

from apps.portals.storefront.web import finance, inbox, loans, trade_ins

urlpatterns = [
    path("finance/", finance.calculator, name="finance"),
    path("finance/trade-in/", finance.trade_in, name="trade-in"),
    path("account/messages/", inbox.inbox, name="inbox"),
    path("account/finance/", loans.overview, name="my-finance"),
    path("account/finance/apply/", loans.apply, name="loan-apply"),
    path("account/finance/trade-ins/<slug:number>/", trade_ins.trade_in, name="my-trade-in"),
    path("account/finance/trade-ins/<slug:number>/<slug:name>/", trade_ins.act, name="my-trade-in-act"),
    path("account/finance/loans/<slug:number>/", loans.loan, name="loan"),
    path("account/finance/loans/<slug:number>/contract/", loans.contract, name="loan-contract"),
    path("account/finance/loans/<slug:number>/<slug:name>/", loans.act, name="loan-act"),
]
