import pytest

from plait_gateway.clients.http.url import Endpoint, InvalidURL, Origin, read_url


@pytest.mark.parametrize(
    ("url", "origin", "authority", "target"),
    [
        ("http://stock", Origin(False, "stock", 80), "stock", "/"),
        ("http://stock:80/graphql", Origin(False, "stock", 80), "stock", "/graphql"),
        ("HTTPS://Stock.Example/g#part", Origin(True, "stock.example", 443), "stock.example", "/g"),
        ("https://stock:8443?tenant=1&x", Origin(True, "stock", 8443), "stock:8443", "/?tenant=1&x"),
        ("http://10.0.0.1:4001/", Origin(False, "10.0.0.1", 4001), "10.0.0.1:4001", "/"),
        ("http://[2001:DB8::0:1]:4001/g", Origin(False, "2001:db8::1", 4001), "[2001:db8::1]:4001", "/g"),
        ("http://[::1]/g", Origin(False, "::1", 80), "[::1]", "/g"),
        (
            "http://bücher.example/ü b?q=ü",
            Origin(False, "xn--bcher-kva.example", 80),
            None,
            "/%C3%BC%20b?q=%C3%BC",
        ),
        ("http://my_stock.svc.cluster.local./", Origin(False, "my_stock.svc.cluster.local.", 80), None, "/"),
        ("http://stock/a%20b/%2F", Origin(False, "stock", 80), "stock", "/a%20b/%2F"),
        ("http://stock/a\r\nx: y", Origin(False, "stock", 80), "stock", "/ax:%20y"),
    ],
)
def test_a_url_is_taken_apart(url: str, origin: Origin, authority: str | None, target: str) -> None:
    assert read_url(url) == Endpoint(origin, authority or origin.host, target)


@pytest.mark.parametrize(
    "url",
    [
        *("", "nonsense", "/graphql", "stock:4001", "ftp://stock/", "http://", "http:///g", "http://:80/"),
        *("http://stock:x/", "http://stock:99999/", "http://[::1/", "http://[x]/", "http://[fe80::1%25e0]/"),
        *("http://a..b/", f"http://{'a' * 64}/", "http://a b/", "http://a\0b/", "http://a%20b/"),
    ],
)
def test_a_url_that_cannot_be_used(url: str) -> None:
    with pytest.raises(InvalidURL):
        read_url(url)


@pytest.mark.parametrize("url", ["http://user:geheim@stock/", "http://geheim@stock/", "http://@stock/"])
def test_credentials_are_refused_and_not_told(url: str) -> None:
    with pytest.raises(InvalidURL, match="credentials") as caught:
        read_url(url)
    assert "geheim" not in str(caught.value)


def test_an_absolute_name_is_certified_without_its_last_dot() -> None:
    assert read_url("https://stock.example./").origin.certified_name == "stock.example"
    assert read_url("https://stock.example/").origin.certified_name == "stock.example"
