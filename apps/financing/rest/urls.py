"""REST endpoints of financing, under /api/v1/."""

from django.urls import path

from apps.financing.rest import views

urlpatterns = [
    path("finance/plans/", views.PlansView.as_view(), name="api-finance-plans"),
    path("finance/quotes/", views.QuoteView.as_view(), name="api-finance-quotes"),
]
