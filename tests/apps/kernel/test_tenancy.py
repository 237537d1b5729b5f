"""The migration of the tenant role, where the role exists already and where two databases make it at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from psycopg2 import sql

from apps.kernel import tenancy
from tests.plugins import database

ROLE = "s2b2c_tenant_of_a_test"


@pytest.fixture
def statement():
    """``CREATE_ROLE`` for a role that no other test knows."""
    yield tenancy.CREATE_ROLE.replace(tenancy.TENANT_ROLE, ROLE)
    database.statement("DROP ROLE IF EXISTS {}", ROLE)


def run(statement):
    with closing(psycopg2.connect(database.url_of("postgres"))) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql.SQL("").as_string(server) + statement)


def test_the_role_is_made_once_and_found_the_second_time(database_server, statement):
    run(statement)
    run(statement)


def test_eight_databases_that_make_it_at_once_all_go_on(database_server, statement):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, [statement] * 8))


def test_without_the_guard_the_second_fails(database_server, statement):
    bare = f"CREATE ROLE {ROLE} NOLOGIN"
    run(bare)
    with pytest.raises(psycopg2.errors.DuplicateObject):
        run(bare)


def test_a_dump_that_grants_to_the_role_is_restored_where_it_is_new(clone_database):
    """Cloned databases carry policies and grants with them."""
    name = clone_database()
    with closing(psycopg2.connect(database.url_of(name))) as copy, copy.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'catalog_offer', 'SELECT')", [tenancy.TENANT_ROLE])
        assert cursor.fetchone() == (True,)
        cursor.execute(f"SET ROLE {tenancy.TENANT_ROLE}; SELECT count(*) FROM catalog_offer")
        assert cursor.fetchone() == (0,)
