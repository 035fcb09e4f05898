"""The compose file, checked by reading it: a machine that runs the tests need not have Docker."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SETTINGS = (ROOT / "board/settings.py").read_text() + (ROOT / "board/safety.py").read_text()
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / ".env.example").read_text().splitlines()
    if line and not line.startswith("#")
)
ONE_SHOT = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
OURS = {name for name, service in SERVICES.items() if "build" in service}

# Read by what runs in the container, not by our settings.
OF_PROGRAMS = {"WEB_CONCURRENCY", "WORKER_CONCURRENCY"}


def variables() -> list[tuple[str, str]]:
    """Name and fallback or complaint of each ${…} that Docker fills in; $$ is the container's own."""
    return re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", TEXT)


def prerequisites(service: str) -> set[str]:
    """Everything that has to be up or done before, however far."""
    direct = set(SERVICES[service].get("depends_on", {}))
    return direct.union(*map(prerequisites, direct))


def test_it_is_a_compose_file() -> None:
    schema = json.loads((ROOT / "tests/compose-spec.json").read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.Draft7Validator(schema).validate(COMPOSE)


def test_the_services_are_those_of_the_plan() -> None:
    assert set(SERVICES) == {
        *("nginx", "web", "worker", "beat", "migrate", "bucket"),
        *("postgres", "valkey", "storage"),
    }
    assert {"migrate", "bucket"} == ONE_SHOT
    assert {"web", "worker", "beat", "migrate", "bucket"} == OURS


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_a_health_check_or_ends_by_itself(name: str) -> None:
    check = SERVICES[name].get("healthcheck", {})
    if name in ONE_SHOT:
        # The image's own check asks for a web process, which is not here.
        assert check == {"disable": True}
    else:
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert {"interval", "timeout", "retries", "start_period"} <= set(check)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_waits_for_the_right_state_of_what_it_needs(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        condition = "service_completed_successfully" if needed in ONE_SHOT else "service_healthy"
        assert how["condition"] == condition, needed


def test_the_order_of_the_start() -> None:
    assert {"postgres"} <= prerequisites("migrate")
    assert {"storage"} <= prerequisites("bucket")
    for name in ("web", "worker", "beat"):
        assert {"migrate", "bucket", "valkey", "postgres", "storage"} <= prerequisites(name)
    assert "web" in prerequisites("nginx")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_an_image_is_pinned(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].rpartition(":")
    if name in OURS:
        assert (image, tag) == ("doppel", "local")
    else:
        assert re.match(r"\d+\.\d+", tag), f"{image}:{tag} moves"


def test_the_base_image_is_pinned_and_the_last_stage_is_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", base) for base in bases)
    last = lines[max(index for index, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert [line for line in last if line.startswith("USER ")] == ["USER doppel"]
    assert any(line.startswith("HEALTHCHECK ") for line in last)
    assert not any("apt-get" in line for line in last)


def test_only_nginx_is_reachable() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inner"]["internal"] is True
    for name in ("postgres", "valkey", "storage"):
        assert SERVICES[name]["networks"] == ["inner"]


@pytest.mark.parametrize("name", sorted(OURS | {"nginx", "valkey"}))
def test_what_can_be_read_only_is(name: str) -> None:
    assert SERVICES[name]["read_only"] is True
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in SERVICES[name]["security_opt"]


def test_what_must_be_kept_is_on_a_volume() -> None:
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql"]
    assert SERVICES["storage"]["volumes"] == ["pictures:/data"]
    assert {"database", "pictures"} <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_what_dies_is_started_again(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_every_variable_stands_in_the_example() -> None:
    assert {name for name, _ in variables()} == set(EXAMPLE)


def test_a_secret_is_never_written_down() -> None:
    secret = [name for name in EXAMPLE if re.search("SECRET|PASSWORD", name)]
    assert len(secret) == 4
    for name in secret:
        assert EXAMPLE[name] == ""
        # No fallback either: without a value nothing starts, and the message says where to set it.
        assert {rest[:2] for found, rest in variables() if found == name} == {":?"}


def test_a_fallback_is_the_value_of_the_example() -> None:
    for name, rest in variables():
        if rest.startswith(":-"):
            assert EXAMPLE[name] == rest[2:]


@pytest.mark.parametrize("name", sorted(OURS))
def test_the_settings_know_every_name(name: str) -> None:
    for variable in SERVICES[name]["environment"]:
        assert variable in OF_PROGRAMS or f'"{variable}"' in SETTINGS, variable


def test_nginx_takes_what_the_site_takes_and_keeps_what_is_public_only() -> None:
    from dedupe.imaging import Limits

    text = (ROOT / "deploy/nginx.conf").read_text()
    found = re.search(r"client_max_body_size (\d+)m;", text)
    assert found is not None
    assert int(found[1]) << 20 > Limits().max_bytes
    assert "proxy_no_cache $not_public;" in text
    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto"):
        assert f"proxy_set_header {header} " in text
