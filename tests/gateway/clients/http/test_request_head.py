import pytest

from plait_gateway.clients.http.failures import ExchangeFailed
from plait_gateway.clients.http.request_head import RequestHead
from plait_gateway.clients.http.url import read_url

HEAD = RequestHead(read_url("http://stock:4001/graphql?tenant=1"))


def lines(*headers: tuple[str, str]) -> list[str]:
    text = HEAD.write(headers, 12).decode("latin-1")
    assert text.endswith("\r\n\r\n")
    return text[:-4].split("\r\n")


def test_what_is_always_sent_and_what_is_forwarded() -> None:
    first, *rest = lines(("authorization", "Bearer t"), ("x-name", "J\xfcrgen\ta"), ("x-empty", ""))
    assert first == "POST /graphql?tenant=1 HTTP/1.1"
    assert [line for line in rest if not line.startswith("user-agent: plait/")] == [
        "host: stock:4001",
        "accept: application/graphql-response+json, application/json;q=0.9",
        "content-type: application/json",
        "accept-encoding: zstd, gzip, deflate",
        "authorization: Bearer t",
        "x-name: J\xfcrgen\ta",
        "x-empty: ",
        "content-length: 12",
    ]


def test_the_clients_user_agent_replaces_ours_where_it_is_forwarded() -> None:
    assert [line for line in lines(("user-agent", "app/1")) if line.startswith("user-agent")] == [
        "user-agent: app/1"
    ]


@pytest.mark.parametrize(
    "header",
    [
        *(
            ("x", "a\r\nhost: evil"),
            ("x", "a\nb"),
            ("x", "a\rb"),
            ("x", "a\0b"),
            ("x", "a\n"),
            ("x", "\u2028"),
        ),
        *(("x\r\ny", "a"), ("x: y", "a"), ("", "a"), ("x ", "a"), ("\xfc", "a"), ("x\n", "a")),
    ],
)
def test_no_header_can_smuggle_in_another(header: tuple[str, str]) -> None:
    with pytest.raises(ExchangeFailed, match="cannot be sent"):
        HEAD.write((header,), 0)
