"""What a member wants to be told of."""

from datetime import datetime

from apps.accounts.api import User
from apps.notifications.models import Preference
from apps.notifications.states import Topic


def set_preference(*, user: User, topic: Topic, is_wanted: bool, now: datetime) -> Preference:
    """Note whether somebody wants to be told of a topic; the last word counts."""
    values = {"is_wanted": is_wanted, "changed_at": now}
    return Preference.objects.update_or_create(user=user, topic=topic, defaults=values)[0]
