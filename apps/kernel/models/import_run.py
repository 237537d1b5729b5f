"""Runs of file imports and what became of each row."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.models.private_file import private_storage
from apps.kernel.states import ImportStatus, RowOutcome, RowPlan


def import_path(run: "ImportRun", name: str) -> str:
    """Return where an uploaded table lies: nothing a person typed reaches the file system."""
    return f"imports/{uuid.uuid4().hex}"


class ImportRun(models.Model):
    """
    One file on its way into the tables of some app, chunk by chunk.

    ``cursor`` is the last line the current stage is done with; it commits together with what the chunk wrote, so that a
    run that was killed goes on exactly there. ``holder`` is the process that works on it, ``beat_at`` its last sign of
    life.
    """

    kind = models.CharField(_("kind of import"), max_length=40)
    scope = models.CharField(_("on behalf of"), max_length=80, blank=True, default="")
    name = models.CharField(_("file"), max_length=200)
    content = models.FileField(upload_to=import_path, storage=private_storage, max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(_("digest"), max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=ImportStatus.choices, default=ImportStatus.UPLOADED)
    columns = models.JSONField(_("columns"), default=list)
    cursor = models.PositiveIntegerField(_("line reached"), default=0)
    done = models.PositiveIntegerField(_("rows done in this stage"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    failure = models.JSONField(_("failure"), default=dict, blank=True)
    holder = models.CharField(max_length=40, blank=True, default="")
    beat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    # Whoever asked for the current stage: the actor of its changes.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["status", "beat_at"], name="kernel_import_working")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="kernel_import_status_known")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    def count(self, stage: str, what: str) -> int:
        """How many rows of a stage (``planned``, ``applied``, ``undone``) came out as ``what``."""
        return int(self.counts.get(stage, {}).get(what, 0))


class ImportRow(models.Model):
    """
    One row of a run: what was read, what is planned, what was done, and how it was before.

    ``payload`` is what the file says, ``before`` the image of the object before the run wrote it (null: there was
    none), ``after_digest`` that of the image it left, by which an undo sees whether somebody changed the object since.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    key = models.CharField(_("key"), max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    plan = models.CharField(_("plan"), max_length=9, choices=RowPlan.choices)
    outcome = models.CharField(_("outcome"), max_length=9, choices=RowOutcome.choices, blank=True, default="")
    problems = models.JSONField(_("problems"), default=list)
    before = models.JSONField(null=True)
    after_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="kernel_import_line_once"),
            models.UniqueConstraint(
                fields=["run", "key"], condition=~Q(plan=RowPlan.REFUSED), name="kernel_import_key_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["run", "line"],
                condition=Q(plan=RowPlan.REFUSED) | Q(outcome__in=[RowOutcome.REFUSED, RowOutcome.KEPT]),
                name="kernel_import_problem",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line} {self.key}"

    @property
    def is_new(self) -> bool:
        """Whether the run made the object."""
        return self.before is None

    def as_problems(self) -> list[dict[str, Any]]:
        """The problems, as stored: field, code, context."""
        return list(self.problems)
