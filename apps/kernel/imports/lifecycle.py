"""The life of an import run."""

from apps.kernel.lifecycle import Lifecycle
from apps.kernel.states import ImportStatus as S

RUN = Lifecycle(
    name="kernel.import",
    moves={
        "check": ({S.UPLOADED}, S.CHECKING),
        "finish_check": ({S.CHECKING}, S.CHECKED),
        "apply": ({S.CHECKED}, S.APPLYING),
        "finish": ({S.APPLYING}, S.APPLIED),
        "fail": ({S.CHECKING, S.APPLYING, S.UNDOING}, S.FAILED),
        "retry": ({S.FAILED}, S.APPLYING),  # only what was checked to the end
        "cancel": ({S.UPLOADED, S.CHECKING, S.CHECKED}, S.CANCELLED),
        "undo": ({S.APPLYING, S.APPLIED, S.FAILED}, S.UNDOING),
        "finish_undo": ({S.UNDOING}, S.UNDONE),
    },
)
# A process works on runs in these; if it dies, another one picks them up.
WORKING = (S.UPLOADED, S.CHECKING, S.APPLYING, S.UNDOING)
