"""``/metrics``: the numbers in the form of Prometheus, for those who were let in."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from itertools import accumulate

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from board.models import Tally
from board.watching.counting import MEASURES
from board.watching.standing import standing
from board.watching.tallies import Measure, tallies


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers of the whole site; for everybody else there is nothing at this address."""
    if not may_read(request):
        raise Http404("There is nothing at this address.")
    tallies.flush()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Everything())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Whether the request brings the token, or comes from a network that was named, and not through a proxy."""
    token = settings.METRICS_TOKEN
    if token and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return True
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False  # the address is the proxy's, who stands between us and anybody
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in settings.METRICS_NETWORKS)


class Everything(Collector):
    """What was counted, and what stands in the tables."""

    def collect(self) -> Iterator[Metric]:
        rows: dict[str, list[Tally]] = {}
        for row in Tally.objects.order_by("measure", "labels"):
            rows.setdefault(row.measure, []).append(row)
        for measure in MEASURES:
            yield _family(measure, rows.get(measure.name, []))
        yield from standing()


def _family(measure: Measure, rows: list[Tally]) -> Metric:
    """Rows of another release, with other labels or bounds, are left out."""
    if not measure.bounds:
        counter = CounterMetricFamily(measure.name, measure.says, labels=measure.labels)
        for row in rows:
            if len(row.labels) == len(measure.labels):
                counter.add_metric(row.labels, row.counts[0])
        return counter
    histogram = HistogramMetricFamily(measure.name, measure.says, labels=measure.labels)
    names = [*(f"{bound:g}" for bound in measure.bounds), "+Inf"]
    for row in rows:
        if len(row.counts) == len(names) and len(row.labels) == len(measure.labels):
            buckets = list(zip(names, map(float, accumulate(row.counts)), strict=True))
            histogram.add_metric(row.labels, buckets, sum_value=row.total)
    return histogram
