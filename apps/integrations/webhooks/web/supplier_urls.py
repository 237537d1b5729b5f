"""Under /supplier/webhooks/."""

from apps.integrations.webhooks.web.views import SUPPLIER, routes

urlpatterns = routes(SUPPLIER)
