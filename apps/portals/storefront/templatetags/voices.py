"""What members wrote, as pages show it."""

from django import template

from apps.membership.api import language_of

register = template.Library()
register.filter("tongue", language_of)
