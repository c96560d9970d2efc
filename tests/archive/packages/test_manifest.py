"""The list of a tree's packages: each bit of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.packages.manifest import NAME, read_manifest, write_manifest

if TYPE_CHECKING:
    from pathlib import Path

DIGESTS = {
    "tea/2026-10.wacz": f"sha256:{'0a' * 32}",
    "tea/2026-11.wacz": f"sha256:{'f9' * 32}",
}


def test_a_manifest_with_any_bit_flipped_is_read_and_is_another_one(tmp_path: Path) -> None:
    assert write_manifest(tmp_path, DIGESTS)
    assert read_manifest(tmp_path) == DIGESTS
    file = tmp_path / NAME
    whole = file.read_bytes()
    for bit in range(len(whole) * 8):
        spoilt = bytearray(whole)
        spoilt[bit // 8] ^= 1 << bit % 8
        file.write_bytes(spoilt)
        assert read_manifest(tmp_path) != DIGESTS, f"bit {bit} makes no difference"
    assert write_manifest(tmp_path, DIGESTS)
    assert file.read_bytes() == whole
