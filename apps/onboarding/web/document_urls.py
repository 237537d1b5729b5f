"""The documents pages, routed beside the portals they belong to."""

from django.urls import path

from apps.onboarding.web import documents

urlpatterns = [
    path("supplier/documents/", documents.supplier_documents, name="supplier-documents"),
    path("supplier/documents/<slug:code>/", documents.supplier_documents, name="supplier-documents-one"),
    path("dealer/documents/", documents.dealer_documents, name="dealer-documents"),
    path("dealer/documents/<slug:code>/", documents.dealer_documents, name="dealer-documents-one"),
]
