"""What is shipped for other machines: parsed here, since no container can run in a test."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent.parent
CONFIG = PROJECT / "config"
COMPOSE = yaml.safe_load((CONFIG / "compose.yaml").read_text())
SAMPLE = (CONFIG / "env" / "production.env.sample").read_text()


def names_in(sample: str) -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", sample, flags=re.MULTILINE))


def test_compose_names_every_process():
    services = COMPOSE["services"]
    assert {"postgres", "redis", "nginx", "migrate", "web", "live", "worker", "beat", "relay", "sandbox"} <= set(
        services
    )
    assert services["postgres"]["image"].startswith("pgvector/pgvector:")
    assert [name for name, service in services.items() if service.get("profiles") == ["demo"]] == [
        "sandbox-init",
        "sandbox",
    ]


def test_compose_publishes_nothing_but_nginx():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["nginx"]


def test_every_file_and_volume_that_compose_mounts_is_declared():
    for name, service in COMPOSE["services"].items():
        for mount in service.get("volumes", []):
            source = mount.partition(":")[0]
            if source.startswith("./") and "certificates" not in source:
                assert (CONFIG / source).exists(), f"{name}: {source}"
            elif not source.startswith("."):
                assert source in COMPOSE["volumes"], f"{name}: {source}"


def test_every_queue_has_a_worker():
    commands = [" ".join(service.get("command", [])) for service in COMPOSE["services"].values()]
    served = {queue for command in commands for queue in re.findall(r"-Q (\S+)", command) for queue in queue.split(",")}
    assert served == {"critical", "default", "integration", "data", "ai"}


def test_the_production_sample_names_every_variable_that_settings_read():
    read = set()
    for path in (PROJECT / "s2b2c" / "settings").glob("*.py"):
        read |= set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z0-9_]+)"', path.read_text()))
    # Set by the image, by compose, or only for the demo.
    elsewhere = {"S2B2C_DEMO", "S2B2C_HOME", "STATIC_ROOT", "MEDIA_ROOT", "PORT"}
    assert read - elsewhere - names_in(SAMPLE) == set()


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY"])
def test_production_refuses_to_start_without_a_secret(missing):
    done = load_production_settings({missing: ""})
    assert done.returncode == 1
    assert f"{missing} must be set" in done.stderr


def test_production_refuses_the_demo_and_starts_without_it():
    assert "refuses to start" in load_production_settings({"S2B2C_DEMO": "1"}).stderr
    assert load_production_settings({}).returncode == 0


def load_production_settings(changes: dict[str, str]) -> subprocess.CompletedProcess[str]:
    env = {
        "SECRET_KEY": "x" * 50,
        "FIELD_KEYS": "k1:eHg=",
        "BLIND_INDEX_KEY": "eHg=",
        "PATH": "/usr/bin:/bin",
    } | changes
    command = [sys.executable, "-c", "import s2b2c.settings.prod"]
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", ["prometheus/prometheus.yml", "prometheus/alerts.yml"])
def test_prometheus_files_are_yaml(path):
    assert yaml.safe_load((CONFIG / path).read_text())


def test_the_chart_runs_what_compose_runs():
    chart = CONFIG / "helm" / "s2b2c"
    values = yaml.safe_load((chart / "values.yaml").read_text())
    assert yaml.safe_load((chart / "Chart.yaml").read_text())["apiVersion"] == "v2"
    assert values["processes"]["beat"]["replicas"] == 1
    for name, process in values["processes"].items():
        ours = COMPOSE["services"][name]["command"]
        assert process["command"][:4] == ours[:4], name
    for template in (chart / "templates").glob("*.yaml"):
        text = template.read_text()
        assert text.count("{{") == text.count("}}"), template.name


def test_the_image_gets_every_folder_that_it_copies():
    dockerfile = (PROJECT / "Dockerfile").read_text()
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, flags=re.MULTILINE):
        for source in line.split()[:-1]:
            assert source.removeprefix("./") in allowed, source
            assert (PROJECT / source).exists(), source


def test_nginx_braces_and_statements_are_whole():
    text = re.sub(r"#.*", "", (CONFIG / "nginx" / "nginx.conf").read_text())
    assert text.count("{") == text.count("}")
    for line in filter(None, map(str.strip, text.splitlines())):
        assert line[-1] in "{};'", line


def test_nginx_lets_live_connections_through():
    """Upgrade headers reach the live server, whose silence between two signs of life is no reason to hang up."""
    from apps.support.web.live import BEAT_SECONDS

    text = (CONFIG / "nginx" / "nginx.conf").read_text()
    place = text.partition("location /live/ {")[2].partition("}")[0]
    assert "Upgrade $http_upgrade" in place
    assert 'Connection "upgrade"' in place
    assert int(re.search(r"proxy_read_timeout (\d+)s", place).group(1)) > 2 * BEAT_SECONDS
    port = re.search(r"upstream live \{\s+server live:(\d+)", text).group(1)
    assert f"0.0.0.0:{port}" in COMPOSE["services"]["live"]["command"]
    values = yaml.safe_load((CONFIG / "helm" / "s2b2c" / "values.yaml").read_text())["processes"]["live"]
    assert (values["port"], values["path"]) == (int(port), "/live/")


@pytest.mark.parametrize("script", [*sorted(CONFIG.glob("*.sh")), PROJECT / ".ci" / "run"], ids=lambda path: path.name)
def test_shell_scripts_parse(script):
    assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0
