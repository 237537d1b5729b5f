"""The steps of a handover as the store's page shows them: done, now, or ahead."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from apps.orders.api import HandoverRecord, RecordStatus, Step, step_of

TITLES = {
    Step.IDENTITY: pgettext_lazy("handover", "Who receives the car"),
    Step.PAPERS: pgettext_lazy("handover", "Papers"),
    Step.PACK: pgettext_lazy("handover", "Welcome pack"),
    Step.PHOTOS: pgettext_lazy("handover", "Photos of the car"),
    Step.SIGNATURE: pgettext_lazy("handover", "Signature"),
    Step.CODE: pgettext_lazy("handover", "Code and keys"),
}
# The acts of the page that belong to a step, where they are not called like it.
ACTS = {Step.PHOTOS: "photo", Step.SIGNATURE: "sign", Step.CODE: "hand-over"}


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One step. ``is_open``: its form stands open; a step that is done can be done again until the signature."""

    code: str
    title: Promise
    is_done: bool
    is_current: bool
    is_open: bool
    may_change: bool

    @property
    def template(self) -> str:
        """What shows its form."""
        return f"portals/dealer/_handover_{self.code}.html"


def list_steps(record: HandoverRecord, *, sent: str = "") -> list[StepRow]:
    """List the steps of a record in their order; the one that was just ``sent`` and refused stays open."""
    current = step_of(record)
    order = list(Step)
    reached = len(order) if current is None else order.index(current)
    return [
        StepRow(
            code=step.value,
            title=TITLES[step],
            is_done=place < reached,
            is_current=step == current,
            is_open=step == current or (bool(sent) and sent in (step.value, ACTS.get(step))),
            may_change=place < reached and record.status == RecordStatus.OPEN,
        )
        for place, step in enumerate(order)
    ]
