"""Under /dealer/webhooks/."""

from apps.integrations.webhooks.web.views import DEALER, routes

urlpatterns = routes(DEALER)
