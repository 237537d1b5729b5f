"""Who the dealers are, who belongs to whom, and what a level is worth."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.dealers.models.fields import same_text
from apps.dealers.policies import MOST_GENERATIONS
from apps.dealers.states import DealerLevel, DealerStatus, LevelBenefitKind
from apps.kernel.api import AuditTrigger, in_language

# One at a time: two dealers that became each other's parents at once would each see the other's old place.
HIERARCHY_CHECK = """
IF NEW.parent_id IS NULL OR NEW.parent_id = NEW.id
    OR (TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id) THEN
    RETURN NEW;
END IF;
PERFORM pg_advisory_xact_lock(hashtext('dealers.hierarchy'));
WITH RECURSIVE above (id, parent_id, steps) AS (
    SELECT id, parent_id, 1 FROM dealers_dealer WHERE id = NEW.parent_id
    UNION ALL
    SELECT up.id, up.parent_id, above.steps + 1
    FROM dealers_dealer up JOIN above ON up.id = above.parent_id
    WHERE above.steps < 10 AND above.id <> NEW.id
)
SELECT max(steps), bool_or(id = NEW.id) INTO generations_above, meets_itself FROM above;
IF meets_itself THEN
    RAISE EXCEPTION 'a dealer would be its own ancestor'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'dealers_hierarchy_has_no_cycle';
END IF;
WITH RECURSIVE below (id, steps) AS (
    SELECT id, 1 FROM dealers_dealer WHERE parent_id = NEW.id
    UNION ALL
    SELECT down.id, below.steps + 1
    FROM dealers_dealer down JOIN below ON down.parent_id = below.id WHERE below.steps < 10
)
SELECT coalesce(max(steps), 0) INTO generations_below FROM below;
IF generations_above + 1 + generations_below > MOST_GENERATIONS THEN
    RAISE EXCEPTION 'the hierarchy would be too deep'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'dealers_hierarchy_is_not_too_deep';
END IF;
RETURN NEW;
""".replace("MOST_GENERATIONS", str(MOST_GENERATIONS))


class Dealer(models.Model):
    """An organization that sells, hands over or services cars in its stores."""

    organization = models.OneToOneField("accounts.Organization", models.PROTECT, related_name="dealer")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent dealer")
    )
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    level = models.CharField(_("level"), max_length=10, choices=DealerLevel.choices, default=DealerLevel.STANDARD)
    status = models.CharField(_("status"), max_length=20, choices=DealerStatus.choices, default=DealerStatus.ONBOARDING)
    created_at = models.DateTimeField(_("created at"))
    blocked_reason = models.CharField(
        _("blocked because of"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("A blocked dealer takes no new orders; open orders finish."),
    )
    blocked_at = models.DateTimeField(_("blocked since"), null=True, blank=True)

    class Meta:
        verbose_name = _("dealer")
        verbose_name_plural = _("dealers")
        triggers = [
            AuditTrigger(name="audit"),
            pgtrigger.Trigger(
                name="hierarchy",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                declare=[
                    ("generations_above", "integer"),
                    ("generations_below", "integer"),
                    ("meets_itself", "boolean"),
                ],
                func=HIERARCHY_CHECK,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="dealers_nobody_is_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(blocked_at__isnull=True, blocked_reason="")
                | (Q(blocked_at__isnull=False) & ~Q(blocked_reason="")),
                name="dealers_a_block_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)


class LevelBenefit(models.Model):
    """What dealers of a level get, from when to when. Changed by a new row; one that ran is never rewritten."""

    level = models.CharField(_("level"), max_length=10, choices=DealerLevel.choices)
    benefit = models.CharField(_("benefit"), max_length=20, choices=LevelBenefitKind.choices)
    value = models.DecimalField(_("value"), max_digits=10, decimal_places=4)
    valid = DateRangeField(
        _("valid"), help_text=_("From the first day until before the last; no end: until further notice.")
    )

    class Meta:
        verbose_name = _("benefit of a level")
        verbose_name_plural = _("benefits of levels")
        triggers = [AuditTrigger(name="audit")]
        constraints = [
            ExclusionConstraint(
                name="dealers_one_value_per_benefit_and_day",
                expressions=[
                    (same_text("level"), RangeOperators.EQUAL),
                    (same_text("benefit"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="dealers_benefit_not_negative"),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="dealers_benefit_runs_for_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.get_benefit_display()}"
