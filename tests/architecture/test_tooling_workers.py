"""Files that share a whole suite go to one worker together."""

from tests.plugins.workers import ROOMS, room_of

JOURNEYS = [f"tests/journeys/test_{name}.py" for name in ("buying", "looking", "paying")]
FIGURES = [f"tests/journeys/figures/test_{name}.py" for name in ("kills", "races")]
OTHERS = ["tests/apps/kernel/test_money.py", "tests/journeys/test_supervisor.py"]


def test_journeys_share_rooms_and_everything_else_goes_alone():
    files = sorted([*JOURNEYS, *FIGURES, *OTHERS])

    rooms = [room_of(file, files) for file in JOURNEYS]

    assert rooms == ["tests/journeys 0", "tests/journeys 1", "tests/journeys 0"]
    assert {room_of(file, files) for file in FIGURES} == {f"tests/journeys/figures {number}" for number in range(ROOMS)}
    assert [room_of(file, files) for file in OTHERS] == OTHERS
