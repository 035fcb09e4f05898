"""Which addresses are on the public internet, by the IANA registries of special-purpose addresses.

https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry; written out, because
what Python calls global differs from release to release.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Network = IPv4Network | IPv6Network

_NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, with the metadata of many clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, given up
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_PUBLIC_6 = IPv6Network(
    "2000::/3"
)  # all that is assigned; the rest is private, link-local, multicast or reserved
_NOT_PUBLIC_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(text: str, trusted: Iterable[Network] = ()) -> bool:
    """Whether an IP address is one of the public internet, or within a ``trusted`` network.

    An IPv4 address inside an IPv6 one (mapped, or for a NAT64 gateway) is judged by itself.
    """
    try:
        address = ip_address(text)
    except ValueError:  # with a zone, which only what is near has
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        address = _carried_by(address) or address
    if any(address.version == network.version and address in network for network in trusted):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)


def _carried_by(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else None


def networks(*texts: str) -> tuple[Network, ...]:
    """Networks as they are written."""
    return tuple(ip_network(text) for text in texts)
