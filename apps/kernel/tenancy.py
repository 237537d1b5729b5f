"""
The second fence: PostgreSQL's row-level security behind the scoping of queries.

Reads of a supplier's or dealer's portal run as the role ``s2b2c_tenant``, which owns nothing, may write nothing and
bypasses nothing; policies show it the rows of one organization. Without an organization it sees no row of a protected
table at all. Role and organization are set with ``SET LOCAL`` only, so nothing outlives the transaction or stays on a
pooled connection. Everything else runs as the tables' owner, whom policies do not bind.

Migrations protect a table with ``protect`` and lift that with ``expose``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

TENANT_ROLE = "s2b2c_tenant"
# The organization that the transaction acts for; NULL (and so no row) when none is set.
TENANT = "s2b2c_tenant_id()"
_current: ContextVar["Block | None"] = ContextVar("tenant_block", default=None)
_LEAVE = "SET LOCAL ROLE NONE; SELECT set_config('s2b2c.organization', '', true)"

# Roles belong to the whole server: another database's migration may have made it, or be making it at this moment.
CREATE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{TENANT_ROLE}') THEN
        CREATE ROLE {TENANT_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""


class Block:
    """A transaction that becomes one tenant's as soon as it is known whose."""

    def __init__(self) -> None:
        self.organization_id: int | None = None

    def enter(self, organization_id: int) -> None:
        """Act as the tenant role, for this organization, from now to the end of the block."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL ROLE {TENANT_ROLE}; SELECT set_config('s2b2c.organization', %s, true)",
                [str(int(organization_id))],
            )
        self.organization_id = organization_id


@contextmanager
def tenant_block() -> Iterator[Block]:
    """Open a transaction; after ``enter`` it sees one organization's rows only."""
    block = Block()
    token = _current.set(block)
    try:
        with transaction.atomic():
            yield block
            if block.organization_id is not None and not connection.needs_rollback:
                _leave()
    finally:
        _current.reset(token)


@contextmanager
def as_platform() -> Iterator[None]:
    """
    Step out of the tenant's block for one service that writes while a page is read; without a block nothing changes.

    What is shown afterwards is read within the block again.
    """
    block = _current.get()
    if block is None or block.organization_id is None:
        yield
        return
    _leave()
    yield
    block.enter(block.organization_id)


def _leave() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE)


@contextmanager
def scoped_to(organization_id: int) -> Iterator[None]:
    """Read as one organization: the protected tables show its rows and no others."""
    with tenant_block() as block:
        block.enter(organization_id)
        yield


def protect(table: str, condition: str) -> str:
    """
    Return the SQL that shows the tenant role those rows of a table for which ``condition`` holds.

    ``condition`` compares a column with ``TENANT``; policies of other tables hold inside its subqueries, too.
    """
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; "
        f"CREATE POLICY tenant_reads ON {table} FOR SELECT TO {TENANT_ROLE} USING ({condition})"
    )


def expose(table: str) -> str:
    """Return the SQL that takes ``protect`` back."""
    return f"DROP POLICY tenant_reads ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
