"""The starter configuration can be loaded as it is."""

from pathlib import Path

from flows import config


def test_it_names_ten_outlets_and_wires_with_owners():
    outlets = config.load(Path(__file__).parents[2] / "docs" / "outlets.toml").outlets
    assert len(outlets) == 10
    assert all(one.owner and one.domains for one in outlets)
    assert sum(one.wire for one in outlets) == 4
