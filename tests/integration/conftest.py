"""Running sites for whole journeys: one that stores in a folder, one that stores on S3."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.integration.breaking import BreakableSite, Gates, Keeper, proxies
from tests.integration.program import Program
from tests.servers.addresses import DATABASES_PER_PROCESS, Addresses, process_name
from tests.servers.desk import ask_for
from tests.servers.fixtures import SiteFactory
from tests.servers.live import LiveSite
from tests.servers.s3 import Bucket, fresh_bucket

# Chosen here, before there are processes that run tests, so that all have the same and the header tells it.
if os.environ.get("FAULT_SEED") == "random":
    os.environ["FAULT_SEED"] = str(random.randrange(10**6))


def pytest_report_header() -> str:
    """What to give to see these random faults again."""
    return f"FAULT_SEED={os.environ.get('FAULT_SEED', '1')}"


@pytest.fixture(scope="session")
def bucket(servers: Addresses) -> Iterator[Bucket]:
    """The bucket of the site that stores on S3."""
    ask_for("s3", servers)
    with fresh_bucket(servers) as made:
        yield made


@pytest.fixture(scope="session")
def s3_site(start_site: SiteFactory, bucket: Bucket) -> LiveSite:
    """Web and worker that store on the S3 server."""
    return start_site("onbucket", bucket.environment())


@pytest.fixture(scope="session")
def breakable(
    start_site: SiteFactory,
    servers: Addresses,
    bucket_to_break: Bucket,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BreakableSite]:
    """A site of which every part can be broken: it reaches database, broker and storage through proxies."""
    gates = Gates(tmp_path_factory.mktemp("gates"))
    database = servers.postgres_url(f"breakable_{process_name()}")
    broker = servers.valkey_url(DATABASES_PER_PROCESS - 1)
    direct = {**bucket_to_break.environment(), "DATABASE_URL": database, "REDIS_URL": broker}
    with proxies(servers.postgres, servers.valkey, servers.s3) as (postgres, valkey, s3):
        behind = {
            "DOPPEL_S3_ENDPOINT_URL": f"http://127.0.0.1:{s3.port}",
            "DATABASE_URL": database.replace(f":{servers.postgres}/", f":{postgres.port}/"),
            "REDIS_URL": broker.replace(f":{servers.valkey}/", f":{valkey.port}/"),
            "DJANGO_SETTINGS_MODULE": "tests.integration.gated_settings",
            "DOPPEL_TEST_GATES": str(gates.folder),
        }
        live = start_site("breakable", direct | behind)
        keeper = Keeper({**live.environment, **direct, "DOPPEL_ORPHAN_GRACE_SECONDS": "0"})
        try:
            yield BreakableSite(live, postgres, valkey, s3, gates, keeper)
        finally:
            keeper.close()
            for name in list(live.children):
                live.stop(name, patience=3)


@pytest.fixture(scope="session")
def bucket_to_break(servers: Addresses) -> Iterator[Bucket]:
    """The bucket of the site that is broken."""
    ask_for("s3", servers)
    with fresh_bucket(servers) as made:
        yield made


@pytest.fixture(params=["filesystem", "s3"])
def site(request: pytest.FixtureRequest) -> LiveSite:
    """Both kinds of site, one after the other."""
    name = "live_site" if request.param == "filesystem" else "s3_site"
    chosen: LiveSite = request.getfixturevalue(name)
    return chosen


@pytest.fixture
def alice(site: LiveSite) -> Program:
    return Program.of(site, "alice")


@pytest.fixture
def mod(site: LiveSite) -> Program:
    return Program.of(site, "mod", staff=True)
