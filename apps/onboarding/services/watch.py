"""What happens by the calendar: reminders, overdue applications, papers that run out."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from apps.onboarding import policies
from apps.onboarding.models import Application, Submission
from apps.onboarding.selectors import day_of, list_expired_rules, list_standings
from apps.onboarding.services import letters
from apps.onboarding.services.applications import adapter, lock
from apps.onboarding.services.attempts import note_attempt
from apps.onboarding.states import OPEN_TO_APPLICANT, Action, ApplicationStatus


def watch_papers(*, now: datetime) -> int:
    """
    Tell owners what is about to run out, block whose required papers have, lift what was renewed.

    Safe to run at any time and twice at once: each file is looked at under its lock. Returns how many changed.
    """
    return _each(
        Application.objects.filter(status=ApplicationStatus.APPROVED, submissions__valid_until__isnull=False),
        lambda application: _warn(application, now=now) + look_at(application, now=now),
    )


def remind_applicants(*, now: datetime) -> int:
    """Remind applicants before their deadline; the number of reminders sent."""
    return _each(_unfinished().filter(deadline_at__gt=now), lambda application: _remind(application, now=now))


def close_overdue(*, now: datetime) -> int:
    """Close applications whose deadline has passed; headquarters may extend it. The number closed."""
    return _each(_unfinished().filter(deadline_at__lte=now), lambda application: _close(application, now=now))


def look_at(application: Application, *, now: datetime) -> int:
    """
    Block an approved applicant whose required paper has run out, or lift the block; 1 if something changed.

    The caller has locked the application.
    """
    if application.status != ApplicationStatus.APPROVED:
        return 0
    expired = list_expired_rules(application, on=day_of(now))
    if expired:
        rule = policies.RULE_EXPIRED.format(code=expired[0])
        if adapter(application).block(organization_id=application.organization_id, rule=rule, now=now):
            note_attempt(action=Action.BLOCK, application_id=application.pk, by=None, now=now, reason=rule)
            return 1
    elif adapter(application).unblock(organization_id=application.organization_id, now=now):
        note_attempt(action=Action.UNBLOCK, application_id=application.pk, by=None, now=now)
        return 1
    return 0


def _unfinished() -> QuerySet[Application]:
    return Application.objects.filter(
        status__in=[status.value for status in OPEN_TO_APPLICANT], closed_at__isnull=True, deadline_at__isnull=False
    )


def _each(applications: QuerySet[Application], act: Callable[[Application], int]) -> int:
    """Act on each application under its own lock and in its own transaction."""
    changed = 0
    for pk in applications.order_by("pk").values_list("pk", flat=True).distinct():
        with transaction.atomic():
            changed += act(lock(pk))
    return changed


def _warn(application: Application, *, now: datetime) -> int:
    """Tell the organization's managers of each paper that comes near its last day, once per threshold."""
    told = 0
    for standing in list_standings(application):
        if standing.effective is not None and standing.latest is standing.effective:
            told += _warn_of(application, standing.effective, now=now)
    return told


def _warn_of(application: Application, submission: Submission, *, now: datetime) -> int:
    if submission.valid_until is None:
        return 0
    days = policies.warning_due(submission.valid_until, day_of(now), submission.told_days)
    if days is None:
        return 0
    submission.told_days = [*submission.told_days, days]
    submission.save(update_fields=["told_days"])
    context = {
        "paper": submission.requirement.name_zh,
        "paper_en": submission.requirement.name_en,
        "valid_until": submission.valid_until.isoformat(),
        "days": (submission.valid_until - day_of(now)).days,
    }
    key = f"paper_expiring:{submission.pk}:{days}"
    letters.tell_members(application, "paper_expiring", key, context, now=now)
    return 1


def _remind(application: Application, *, now: datetime) -> int:
    if application.deadline_at is None:
        return 0
    days = policies.reminder_due(day_of(application.deadline_at), day_of(now))
    if days is None or application.attempts.filter(action=Action.REMIND, reason=_reminder(application, days)).exists():
        return 0
    note_attempt(
        action=Action.REMIND, application_id=application.pk, by=None, now=now, reason=_reminder(application, days)
    )
    context = {"link": letters.link_of(application), "deadline": day_of(application.deadline_at).isoformat()}
    key = f"application_reminder:{application.pk}:{_reminder(application, days)}"
    letters.tell_applicant(application, "application_reminder", key, context, now=now)
    return 1


def _reminder(application: Application, days: int) -> str:
    """What names one reminder: a deadline that was moved is reminded of anew."""
    deadline = day_of(application.deadline_at).isoformat() if application.deadline_at else ""
    return f"{deadline} -{days}"


def _close(application: Application, *, now: datetime) -> int:
    if application.closed_at is not None or application.deadline_at is None or application.deadline_at > now:
        return 0
    application.closed_at = now
    application.save(update_fields=["closed_at"])
    note_attempt(action=Action.CLOSE, application_id=application.pk, by=None, now=now)
    return 1
