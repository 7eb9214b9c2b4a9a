"""Names that the hosts file sends somewhere else."""

from __future__ import annotations

from ipaddress import ip_address

LOCAL = ("localhost", "localdomain", "local", "internal", "lan", "home", "test", "example")
MOST = 20


def find_redirected(text: str, own_name: str = "") -> tuple[str, ...]:
    """Lines of the form «name -> address» for public names that do not simply end in nothing.

    Lists against advertising send names to 0.0.0.0 or to this computer itself: those end in
    nothing. Names of the home network and of this computer are no redirects.
    """
    found = []
    for line in text.splitlines():
        parts = line.split("#")[0].split()
        if len(parts) < 2:
            continue
        try:
            address = ip_address(parts[0].partition("%")[0])
        except ValueError:
            continue
        if address.is_loopback or address.is_unspecified or address.is_multicast:
            continue
        for name in parts[1:]:
            bare = name.rstrip(".").lower()
            own = bare == own_name.lower() or bare.startswith(f"{own_name.lower()}.")
            if "." in bare and bare.rpartition(".")[2] not in LOCAL and not (own_name and own):
                found.append(f"{bare} → {address}")
    return tuple(found[:MOST])
