"""Addresses of the site as a whole: for engines that search it, phones that install it, people who build it."""

from django.urls import path

from apps.portals.storefront.web import cookies, engines, installed, styleguide

urlpatterns = [
    path("robots.txt", engines.robots, name="robots"),
    path("sitemap.xml", engines.sitemap, name="sitemap"),
    path("sitemap-<slug:section>-<int:number>.xml", engines.sitemap_part, name="sitemap-part"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("service-worker.js", installed.service_worker, name="service-worker"),
    path("offline/", installed.offline, name="offline"),
    path("cookies/", cookies.cookies, name="cookies"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
