"""What the editors' tool needs to be usable: pages they may write under, and pictures and documents to write with."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from apps.accounts.api import Role, group_name

ON_PAGES = ("add_page", "change_page", "publish_page")
ON_COLLECTIONS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


@transaction.atomic
def give_editors_their_pages() -> None:
    """Let editors write and publish everywhere in the page tree and fill its collections; safe to repeat."""
    editors, _ = Group.objects.get_or_create(name=group_name(Role.CMS_EDITOR))
    pages, collections = Page.get_first_root_node(), Collection.get_first_root_node()
    if pages is None or collections is None:
        return
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=ON_PAGES):
        GroupPagePermission.objects.get_or_create(group=editors, page=pages, permission=permission)
    files = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=ON_COLLECTIONS
    )
    for permission in files:
        GroupCollectionPermission.objects.get_or_create(group=editors, collection=collections, permission=permission)
