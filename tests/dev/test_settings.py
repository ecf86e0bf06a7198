"""The `dev` section of plait.yaml."""

from pathlib import Path

import click
import pytest

from plait_dev.settings import Settings, read_gateway_config, read_settings

_DEV = "dev: {application: 'shop.platform:build', supergraph: graph/supergraph.yaml}\n"


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    file = tmp_path / "plait.yaml"
    file.write_text(_DEV)
    settings = read_settings(file)
    assert settings == Settings("shop.platform:build", tmp_path / "graph/supergraph.yaml", tmp_path)


def test_the_folders_of_the_graph_are_those_of_code_and_schemas(tmp_path: Path) -> None:
    settings = Settings("shop.platform:build", tmp_path / "graph/supergraph.yaml", tmp_path)
    assert settings.folders == (tmp_path, tmp_path / "graph")  # a module of its own: it is beside the file
    (tmp_path / "shop").mkdir()
    assert settings.folders == (tmp_path / "graph", tmp_path / "shop")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "{} has no `dev` section with the strings application and supergraph"),
        ("- dev", "{} has no `dev` section with the strings application and supergraph"),
        ("dev: {application: 'a:b'}", "{} has no `dev` section with the strings application and supergraph"),
        ("dev: {application: 1, supergraph: s}", "{} has no `dev` section with the strings"),
        (_DEV.replace("}", ", prot: 1}"), "{}: unknown under `dev`: prot"),
        ("dev: [", "{} is not YAML: "),
        (b"\xff\xfe\xfd", "{} is not YAML: "),
    ],
)
def test_what_does_not_say_what_to_run_is_one_clear_line(
    tmp_path: Path, text: str | bytes, complaint: str
) -> None:
    file = tmp_path / "plait.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(click.ClickException) as refused:
        read_settings(file)
    assert refused.value.message.startswith(complaint.format(file))
    assert "\n" not in refused.value.message


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    file = tmp_path / "plait.yaml"
    with pytest.raises(click.ClickException) as refused:
        read_settings(file)
    message = f"cannot read {file}: No such file or directory; name another with --config"
    assert refused.value.message == message


def test_the_gateways_section_is_read_as_the_gateway_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "plait.yaml"
    file.write_text(_DEV + "gateway: {shutdown_seconds: 7}\n")
    assert read_gateway_config(file).shutdown_seconds == 7
    file.write_text(_DEV + "gateway: {shutdown_second: 7}\n")
    with pytest.raises(click.ClickException) as refused:
        read_gateway_config(file)
    assert refused.value.message.startswith(f"{file}:2:11: unknown key 'shutdown_second'")
