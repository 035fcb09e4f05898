"""Running sites for whole journeys: one that stores in a folder, one that stores on S3."""

from collections.abc import Iterator

import pytest

from tests.integration.program import Program
from tests.servers.addresses import Addresses
from tests.servers.desk import ask_for
from tests.servers.fixtures import SiteFactory
from tests.servers.live import LiveSite
from tests.servers.s3 import Bucket, fresh_bucket


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
