"""Tests reach this machine and nothing else."""

from __future__ import annotations

import socket

import pytest

from tests.conftest import OutsideNetworkError


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as outside, pytest.raises(OutsideNetworkError):
        outside.connect(("192.0.2.1", 9))


def test_another_machine_cannot_be_looked_up() -> None:
    with pytest.raises(OutsideNetworkError):
        socket.getaddrinfo("shop.example", 443)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(name: str) -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect((name, server.getsockname()[1]))
        assert client.getpeername() == server.getsockname()
