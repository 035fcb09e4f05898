"""Ports on this machine that nobody listens on."""

import socket


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether we could listen there now (a port in TIME_WAIT counts as free, as it does for the servers)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port that the kernel hands out; it is free until somebody else asks at this very moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port


def preferred_port(port: int, host: str = "127.0.0.1") -> int:
    """The wished-for port, or another free one when it is taken."""
    return port if port and is_free(port, host) else free_port(host)
