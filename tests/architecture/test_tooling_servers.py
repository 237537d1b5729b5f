"""The embedded servers and what the supervisor reads from its surroundings."""

import socket
from contextlib import closing

import pytest

from s2b2c.supervisor import system
from s2b2c.supervisor.environment import Plan, read_env_file
from s2b2c.supervisor.errors import AlreadyRunning, PortTaken, SupervisorError
from s2b2c.supervisor.postgres import EmbeddedPostgres
from s2b2c.supervisor.redis import EmbeddedRedis
from s2b2c.supervisor.suite import Suite


def test_postgres_runs_in_a_directory_with_a_long_name_and_keeps_its_data(tmp_path):
    home = tmp_path / ("long-" * 20) / ("longer-" * 10)
    server = EmbeddedPostgres(home / "postgres", log=home / "postgres.log", throwaway=True)
    try:
        assert server.start() is True
        assert server.start() is False, "a server that runs is used"
        server.create_database("kept")
        server.stop()
        assert server.pid() is None

        server.start()
        assert server.has_database("kept")
        with closing(server.connect("kept")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")
            assert cursor.fetchone() == (1,)
    finally:
        server.stop()


def test_postgres_starts_after_it_was_killed(tmp_path):
    server = EmbeddedPostgres(tmp_path / "postgres", log=tmp_path / "postgres.log", throwaway=True)
    try:
        server.start()
        system.kill_session(server.pid())
        server.process.wait(timeout=10)
        assert (server.data / "postmaster.pid").exists(), "the stale file is the point of this test"
        assert server.start() is True
    finally:
        server.stop()


def test_redis_asks_for_its_password_and_keeps_its_data(tmp_path):
    import redis

    server = EmbeddedRedis(tmp_path / "redis", log=tmp_path / "redis.log")
    try:
        server.start()
        redis.Redis.from_url(server.url).set("kept", "yes")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=server.port).ping()
        server.stop()
        server.start()
        assert redis.Redis.from_url(server.url).get("kept") == b"yes"
    finally:
        server.stop()


@pytest.mark.parametrize(
    "env",
    [{"PORT": "http"}, {"PORT": "0"}, {"PORT": "70000"}, {"SANDBOX_PORT": "-1"}, {"LIVE_PORT": "0"}, {"SCALE": "huge"}],
    ids=str,
)
def test_refuses_surroundings_that_make_no_sense(env, tmp_path):
    with pytest.raises(SupervisorError, match=next(iter(env))):
        Plan.from_environment(tmp_path, env)


def test_the_sandbox_listens_next_to_the_web(tmp_path):
    plan = Plan.from_environment(tmp_path, {"PORT": "9210"})
    assert (plan.port, plan.sandbox_port, plan.home) == (9210, 9211, tmp_path / ".local")


def test_the_live_server_listens_where_it_chooses_or_where_it_is_told_or_not_at_all(tmp_path):
    urls = {"database_url": "postgres:///x", "redis_url": "redis://x"}
    own, told, off = (Plan.from_environment(tmp_path, {"LIVE_PORT": port}) for port in ("", "9212", "off"))
    assert (told.live_port, off.live_port) == (9212, None)
    assert own.live_port not in (None, own.port, own.sandbox_port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", own.live_port))
        assert Plan.from_environment(tmp_path, {}).live_port not in (None, own.live_port)
    assert told.process_environment(**urls)["LIVE_URL"] == "ws://127.0.0.1:9212"
    assert off.process_environment(**urls)["LIVE_URL"] == ""


def test_two_servers_cannot_have_one_port(tmp_path):
    port = str(system.free_port())
    suite = Suite(Plan.from_environment(tmp_path, {"PORT": port, "LIVE_PORT": port}), say=print)
    with pytest.raises(PortTaken, match="LIVE_PORT"):
        suite.start()
    suite.stop()


def test_reads_an_env_file_as_a_shell_would(tmp_path):
    file = tmp_path / "merchant.env"
    file.write_text("# keys\nA=1\nexport B='two words'\nC=\"=\"\n\nD=\n")
    assert read_env_file(file) == {"A": "1", "B": "two words", "C": "=", "D": ""}


def test_a_taken_port_is_named_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        suite = Suite(Plan.from_environment(tmp_path, {"PORT": str(port)}), say=print)
        with pytest.raises(PortTaken, match=str(port)):
            suite.start()
        suite.stop()
    assert not (tmp_path / ".local" / "postgres").exists()


def test_one_home_has_one_supervisor(tmp_path):
    plan = Plan.from_environment(tmp_path, {})
    first, second = Suite(plan, say=print), Suite(plan, say=print)
    first.claim_home()
    with pytest.raises(AlreadyRunning, match="S2B2C_HOME"):
        second.claim_home()
    first.stop()
    second.claim_home()
    second.stop()
