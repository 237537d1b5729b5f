"""Page types that editors publish in the shop's look."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page


class StoryPage(Page):
    """A story: an introduction and a body of headings, text and quotations."""

    introduction = models.CharField(_("introduction"), max_length=200, blank=True)
    body = StreamField(
        [
            ("heading", blocks.CharBlock(max_length=80, label=_("Heading"))),
            ("text", blocks.RichTextBlock(features=["bold", "italic", "link", "ol", "ul"], label=_("Text"))),
            ("quote", blocks.BlockQuoteBlock(label=_("Quotation"))),
        ],
        blank=True,
        verbose_name=_("body"),
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    template = "cms/story.html"

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
