"""Every surface of the suite, in the order a request meets them."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerView

from apps.accounts.web import impersonation
from apps.accounts.web import portal_urls as accounts_portal
from apps.kernel.web.errors import page_not_found
from apps.support.web import desk_urls as support_desks
from s2b2c.schema import SchemaView

api = [
    path("", include("apps.accounts.rest.urls")),
    path("", include("apps.dealers.rest.urls")),
    path("", include("apps.catalog.rest.urls")),
    path("", include("apps.inventory.rest.urls")),
    path("", include("apps.orders.rest.urls")),
    path("", include("apps.testdrives.rest.urls")),
    path("", include("apps.financing.rest.urls")),
    path("", include("apps.aftersales.rest.urls")),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    # What nobody answers is not found, whatever the method. Without this it would come to the pages at the end of the
    # list below, which ask for a CSRF token first.
    re_path(r"^(?:.*/)?$", csrf_exempt(page_not_found)),
]

urlpatterns = [
    path("admin/chat/", include(support_desks.headquarters)),
    path("admin/accounts/user/<int:user_id>/impersonate/", impersonation.begin, name="account_impersonate"),
    path("admin/", admin.site.urls),
    path("join/", include("apps.onboarding.web.urls")),
    path("", include("apps.onboarding.web.document_urls")),
    path("dealer/webhooks/", include("apps.integrations.webhooks.web.dealer_urls")),
    path("supplier/webhooks/", include("apps.integrations.webhooks.web.supplier_urls")),
    path("dealer/chat/", include(support_desks.dealer)),
    path("dealer/", include(accounts_portal.dealer)),
    path("dealer/", include("apps.portals.dealer.urls")),
    path("supplier/", include(accounts_portal.supplier)),
    path("supplier/", include("apps.portals.supplier.urls")),
    path("cms-door/", include("apps.accounts.web.cms_door")),
    # Instead of Wagtail's own form, which knows no second factor.
    path("cms/login/", RedirectView.as_view(url="/cms/")),
    path("cms/", include("wagtail.admin.urls")),
    path("documents/", include("wagtail.documents.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("account/", include("apps.accounts.web.urls")),
    path("api/v1/", include(api)),
    path("hooks/", include("apps.integrations.urls")),
    path("chat/", include("apps.support.web.urls")),
    path("files/", include("apps.kernel.web.urls")),
    path("pictures/", include("apps.catalog.web.urls")),
    path("", include("s2b2c.health")),
    path("language/", include("django.conf.urls.i18n")),
    path("", include("apps.portals.storefront.urls")),
    path("", include("wagtail.urls")),
]

handler400 = "apps.kernel.web.errors.bad_request"
handler403 = "apps.kernel.web.errors.permission_denied"
handler404 = "apps.kernel.web.errors.page_not_found"
handler500 = "apps.kernel.web.errors.server_error"
