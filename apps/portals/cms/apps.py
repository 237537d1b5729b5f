from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "apps.portals.cms"
    label = "cms_portal"
