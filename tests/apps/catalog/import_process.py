"""
Works on an import run and kills itself with SIGKILL at a named point: ``python -m tests.apps.catalog.import_process``.

``inside``: a chunk's rows are written, its transaction is open. ``between``: a chunk is committed. ``unguarded``: the
control, in which a chunk's rows commit before the cursor does. ``never``: to the end.
"""

import os
import signal
import sys


def main(run_id: int, point: str, chunk: int) -> None:
    """Work until the point is reached in the given chunk of the writing stage."""
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from apps.kernel.imports import working
    from apps.kernel.models import ImportRun

    working.CHUNK = 5
    advance, count = working.Worker.advance, 0

    def dying(worker, **options):
        nonlocal count
        if worker.stage == "APPLYING":
            count += 1
            if count == chunk and point in ("inside", "unguarded"):
                if point == "unguarded":
                    connection.connection.commit()
                os.kill(os.getpid(), signal.SIGKILL)
        advance(worker, **options)

    def report(run: ImportRun) -> None:
        if run.status == "APPLYING" and point == "between" and run.done == chunk * working.CHUNK:
            os.kill(os.getpid(), signal.SIGKILL)

    working.Worker.advance = dying
    run = working.work(run_id=run_id, clock=timezone.now, report=report, take_over=True)
    print(run.status)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
