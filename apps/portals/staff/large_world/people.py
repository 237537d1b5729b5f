"""Members: more of them every month, with e-mail addresses, phones (encrypted, findable) and names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import transaction

from apps.accounts.api import User, create_user_account
from apps.kernel.api import blind_index, encrypt
from apps.portals.staff.large_world.families import reference
from apps.portals.staff.large_world.scale import Scale
from apps.portals.staff.large_world.tables import NULL, Table, moment
from apps.portals.staff.large_world.triggers import without_audit

CHUNK = 50_000
PHONE_PURPOSE = "accounts.user.phone"
PHONE_PLACE = "accounts_user.phone"
# No password opens these accounts; a code sent to the phone does. Django's mark of an unusable password.
NO_PASSWORD = "!no-password-of-the-large-world"  # noqa: S105
# The first of them may sign in with the demo's password.
SAMPLES = 10
GROWTH = 1.6
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段漕钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅鑫波宇浩然子轩梓涵欣怡雨桐一诺思远嘉豪晨曦若"


def email_of(number: int) -> str:
    """The e-mail address of a member, counted from 0."""
    return f"m{number:07d}@member.example"


def phone_of(number: int) -> str:
    """The phone of a member, E.164, of an invented range."""
    return f"+861990{1_000_000 + number:07d}"


@dataclass(frozen=True)
class Members:
    """Who there is: ids in order of joining, and since when."""

    bases: list[int]
    total: int
    since: float
    until: float

    def id_of(self, number: int) -> int:
        """The user's id of a member."""
        return self.bases[number // CHUNK] + number % CHUNK

    def joined_by(self, seconds: float) -> int:
        """How many had joined at an instant."""
        part = (seconds - self.since) / (self.until - self.since)
        return max(1, min(self.total, int(self.total * max(part, 0.0) ** GROWTH)))


def founding_anchor(scale: Scale) -> datetime | None:
    """The day a world that was begun is built on: the first member joined so many days before it."""
    first = User.objects.filter(email=email_of(0)).values_list("date_joined", flat=True).first()
    return first + timedelta(days=scale.member_days) if first else None


def write_members(scale: Scale, *, anchor: datetime, report: Callable[[str], None]) -> Members:
    """Write the members who are not there yet, a chunk a transaction."""
    since = (anchor - timedelta(days=scale.member_days)).timestamp()
    until = anchor.timestamp()
    bases, written = [], 0
    for start in range(0, scale.members, CHUNK):
        known = User.objects.filter(email=email_of(start)).values_list("pk", flat=True).first()
        if known is None:
            numbers = range(start, min(start + CHUNK, scale.members))
            known = _write_chunk(numbers, scale, since, until)
            written += len(numbers)
            report(f"members: {numbers.stop} of {scale.members}")
        bases.append(known)
    if not written:
        report("members: all there")
    return Members(bases, scale.members, since, until)


def _write_chunk(numbers: range, scale: Scale, since: float, until: float) -> int:
    columns = ["password", "email", "phone", "phone_index", "is_phone_verified", "display_name", "language",
               "is_superuser", "is_staff", "is_active", "date_joined"]  # fmt: skip
    users = Table("accounts.User", columns)
    with transaction.atomic(), without_audit():
        samples = _open_samples(numbers, scale, since, until)
        users.begin()
        base = users.next_id + 1 - len(samples)
        if any(user.pk != base + place for place, user in enumerate(samples)):
            raise AssertionError("Somebody else writes users while the world is being built.")
        for line in _lines(numbers[len(samples) :], scale, since, until):
            users.add(f"{users.number()}\t{line}")
        users.flush()
    return base


def _open_samples(numbers: range, scale: Scale, since: float, until: float) -> list[User]:
    """Open the accounts of the first members by the service, with the demo's password: one may look around as they."""
    password = reference("accounts")["password"]
    return [
        create_user_account(
            email=email_of(number),
            password=password,
            display_name=f"会员 {number}",
            phone=phone_of(number),
            by=None,
            now=datetime.fromtimestamp(_joined_at(number, scale, since, until), UTC),
        )
        for number in numbers
        if number < SAMPLES
    ]


def _joined_at(number: int, scale: Scale, since: float, until: float) -> float:
    return since + (until - since) * (number / scale.members) ** (1 / GROWTH)


def _lines(numbers: range, scale: Scale, since: float, until: float) -> Iterator[str]:
    random = Random(f"{scale.seed}:members:{numbers.start}")  # noqa: S311 - a picture of a business, no secret
    for number in numbers:
        joined = _joined_at(number, scale, since, until)
        phone = phone_of(number)
        # A tenth never gave an e-mail address; the first of a chunk did: by it the chunk is found again.
        email = email_of(number) if number % CHUNK == 0 or random.random() > 0.1 else NULL
        name = random.choice(SURNAMES) + random.choice(GIVEN) + (random.choice(GIVEN) if random.random() < 0.6 else "")
        language = "en" if random.random() < 0.04 else "zh-hans"
        yield (
            f"{NO_PASSWORD}\t{email}\t{encrypt(phone, place=PHONE_PLACE)}\t"
            f"{blind_index(phone, purpose=PHONE_PURPOSE)}\tt\t{name}\t{language}\tf\tf\tt\t{moment(joined)}"
        )
