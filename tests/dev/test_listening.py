"""The listening socket."""

import socket

import click
import pytest

from plait_dev.listening import hand_over, is_reload, listen


def test_a_busy_port_is_one_clear_line() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(click.ClickException) as refused:
            listen("127.0.0.1", port)
    assert refused.value.message == f"port {port} is in use; choose another with --port"


def test_an_address_of_nobody_here_is_one_clear_line() -> None:
    with pytest.raises(click.ClickException) as refused:
        listen("192.0.2.1", 4000)  # RFC 5737: an address of no machine
    assert refused.value.message.startswith("cannot listen on 192.0.2.1:4000: ")


def test_a_connection_made_before_a_reload_is_accepted_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_reload()
    before = listen("127.0.0.1", 0)
    address = before.getsockname()
    for name, value in hand_over(before).items():
        monkeypatch.setenv(name, value)
    assert is_reload()
    with socket.create_connection(address) as client:
        assert before.get_inheritable()
        before.detach()
        with listen("anything", 1) as after:
            assert after.getsockname() == address
            accepted, peer = after.accept()
            accepted.close()
            assert peer == client.getsockname()
