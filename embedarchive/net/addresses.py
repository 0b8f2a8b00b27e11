"""An IP address → whether we may talk to it: global unicast only. Pure.

`ipaddress.is_global` is not enough: it is true for NAT64, 6to4 and multicast addresses and for
168.63.129.16, behind each of which a machine's own services can lie.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_REFUSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "168.63.129.16/32",  # Azure's host: metadata, DNS, DHCP
            "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a metadata service
            "192.88.99.0/24",  # 6to4 relays
            "224.0.0.0/3",  # multicast and reserved
        ),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarking: all protocol assignments
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is global unicast and holds no other address inside it."""
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    # Outside 2000::/3 lie ::/96, v4-mapped, 64:ff9b::/96 (NAT64), fc00::/7, fe80::/10, ff00::/8.
    return address in _GLOBAL_UNICAST and not any(address in net for net in _REFUSED_V6)


@lru_cache(maxsize=256)
def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a URL's host writes out, or None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
