# SPDX-License-Identifier: BSD-3-Clause
"""tools/system.py: package layouts byte by byte, placement checks, each mistake's exact sentence.

Needs no compiler and no TF-A build: /usr/bin/python3 -m pytest tests/tools
"""

import pathlib
import struct
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import system as tool  # pylint: disable=wrong-import-position

MANIFEST = b"\xd0\x0d\xfe\xed" + bytes(range(60))
IMAGE = b"image " * 1000


def description(**changes):
    return {"name": "one", "load_address": 0x0E300000, "mem_size": 0x100000, "vcpu_count": 1, "where": "one"} | changes


def load(tmp_path, text):
    path = tmp_path / "try.toml"
    path.write_text(text)
    return tool.load_system(path)


PARTITION = '[[partition]]\nname = "one"\nload_address = 0x0e300000\nmem_size = 0x100000\nvcpu_count = 1\n'


def spkg(package):
    return struct.unpack_from("<4sIIIII", package)


def entries(package):
    """(tag, offset of the data, size) of a transfer list."""
    size, offset, found = struct.unpack_from("<I", package, 8)[0], 24, []
    while offset + 8 <= size:
        head, data = struct.unpack_from("<II", package, offset)
        assert head >> 24 == 8
        found.append((head & 0xFFFFFF, offset + 8, data))
        offset = (offset + 8 + data + 7) // 8 * 8
    return found


def test_spkg_2_has_manifest_at_1000_and_image_at_4000():
    package = tool.PACKERS["spkg2"](description(), MANIFEST, IMAGE, None)

    assert spkg(package) == (b"SPKG", 2, 0x1000, len(MANIFEST), 0x4000, len(IMAGE))
    assert package[0x1000 : 0x1000 + len(MANIFEST)] == MANIFEST
    assert package[0x4000:] == IMAGE


def test_spkg_1_has_its_manifest_right_behind_the_header():
    package = tool.PACKERS["spkg1"](description(), MANIFEST, IMAGE, None)

    assert spkg(package) == (b"SPKG", 1, 24, len(MANIFEST), 0x4000, len(IMAGE))
    assert package[24 : 24 + len(MANIFEST)] == MANIFEST


def test_a_manifest_that_reaches_into_the_image_is_refused():
    with pytest.raises(tool.Bad, match="a manifest of 64 bytes does not fit"):
        tool.PACKERS["spkg2"](description(pm_offset=0x1000, img_offset=0x1000), MANIFEST, IMAGE, None)


@pytest.mark.parametrize("hob", [None, b"h" * 100])
def test_a_transfer_list_has_page_aligned_data_and_the_image_last(hob):
    package = tool.PACKERS["tl"](description(), MANIFEST, IMAGE, hob)

    signature, _, version, header, alignment, size, maximum, flags, _ = struct.unpack_from("<IBBBBIIII", package)
    assert (signature, version, header, alignment, flags) == (0x4A0FB10B, 1, 24, 12, 1)
    assert size == len(package) <= maximum
    assert sum(package) % 256 == 0
    used = [(tag, offset, data) for tag, offset, data in entries(package) if tag != 0]
    assert [tag for tag, _, _ in used] == ([0x106, 0x103] if hob is None else [0x106, 3, 0x103])
    assert all(offset % 0x1000 == 0 for _, offset, _ in used)
    assert used[-1][1:] == (0x4000, len(IMAGE))


@pytest.mark.parametrize("name", tool.CORRUPTIONS)
def test_each_damage_changes_the_package(name):
    kind = "tl" if name.startswith("tl-") else "spkg2"
    package = tool.PACKERS[kind](description(), MANIFEST, IMAGE, None)
    before = bytes(package)

    tool.CORRUPTIONS[name](package)

    assert bytes(package) != before and len(package) == len(before)


def test_cpus_are_listed_boot_pe_first_then_descending():
    text = tool.cpu_nodes(18)

    assert [line.split("@")[1].split()[0] for line in text.splitlines() if "cpu@" in line] == [
        "0", "101", "100", "f", "e", "d", "c", "b", "a", "9", "8", "7", "6", "5", "4", "3", "2", "1",
    ]


def test_raw_properties_override_and_remove(tmp_path):
    system = load(tmp_path, PARTITION + 'vm_properties = { mem_size = false, wide = 0x100000000, text = "<1 2>" }\n')

    text = tool.spmc_manifest(system)

    assert "mem_size" not in text
    assert "wide = <0x1 0x0>;" in text and "text = <1 2>;" in text


def test_numbers_of_vm_nodes_can_leave_a_hole(tmp_path):
    system = load(tmp_path, PARTITION + PARTITION + "vm = 5\n" + PARTITION + "omit_vm = true\n" + PARTITION)

    text = tool.spmc_manifest(system)

    assert [w for w in text.split() if w.startswith("vm") and w[2:].isdigit()] == ["vm1", "vm5", "vm6"]


@pytest.mark.parametrize(
    ("text", "folder"), [("", "build/tf-a-debug"), ('tf_a = "el3"', "build/tf-a-debug-el3")], ids=["plain", "el3"]
)
def test_an_image_depends_on_the_tf_a_that_its_system_wants(tmp_path, text, folder):
    system = load(tmp_path, text)

    assert tool.tf_a_folder(system, "build/tf-a-debug") == folder
    assert tool.dependencies(system, "build/tf-a-debug")[0] == f"{folder}/.built"


def test_a_system_like_another_has_its_tf_a(tmp_path):
    (tmp_path / "base.toml").write_text('tf_a = "el3"')

    assert load(tmp_path, 'like = "base"')["tf_a"] == "el3"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("cpus = 33", "system: cpus = 33, expected a number from 0x1 to 0x20"),
        ("cpus = true", "system: cpus = True, expected"),
        ("nonsense = 1", "system: unknown key 'nonsense'"),
        ('tf_a = "other"', "system: tf_a = 'other', expected one of el3"),
        ("tf_a = true", "system: tf_a = True, expected one of el3"),
        ("cpus = = 1", "not TOML:"),
        ('[[partition]]\nvcpu_count = 1', "partition 1 (no name): 'name' is missing"),
        ('[[partition]]\nname = "one"', "partition 1 (one): 'load_address' is missing"),
        (PARTITION + "typo = 1", "partition 1 (one): unknown key 'typo'"),
        (PARTITION + 'package = "zip"', "partition 1 (one): package = 'zip', expected one of spkg1, spkg2, tl"),
        (PARTITION + 'corrupt = "all"', "partition 1 (one): corrupt = 'all', expected one of magic, "),
        (PARTITION + 'hob = "x"', "partition 1 (one): only a transfer-list package (tl) carries a HOB list"),
        (PARTITION * 9, "9 packages: BL2 loads at most 8"),
        ('like = "nobody"', "cannot read nobody.toml: No such file or directory"),
    ],
)
def test_a_wrong_description_is_refused_with_a_sentence(tmp_path, text, sentence):
    with pytest.raises(tool.Bad) as refusal:
        load(tmp_path, text)

    assert str(refusal.value).startswith(sentence)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ({}, {"load_address": 0x0E3FF000}, "two: 0xe3ff000..0xe4ff000 overlaps one at 0xe300000..0xe400000"),
        ({"load_address": 0x0E2FF000}, {}, "one: 0xe2ff000..0xe3ff000 overlaps the SPMC at 0xe100000..0xe300000"),
        ({"load_address": 0x0EF80000}, {}, "one: 0xef80000..0xf080000 is outside secure DRAM"),
        ({"load_address": 0x40000000}, {}, "one: 0x40000000..0x40100000 is outside secure DRAM"),
        ({"mem_size": 0x1000}, {}, "one: its package of 0x2000 bytes is larger than mem_size 0x1000"),
        ({"mem_size": 0x2800}, {}, "one: load_address and mem_size must be whole 4 KiB pages"),
    ],
)
def test_a_wrong_placement_is_refused_with_a_sentence(first, second, sentence):
    partitions = [description(**first), description(**({"load_address": 0x0E500000, "where": "two"} | second))]
    packages = [(p["where"], None, p["load_address"], bytes(0x2000)) for p in partitions]

    with pytest.raises(tool.Bad) as refusal:
        tool.check_placement({"partition": partitions}, packages)

    assert str(refusal.value).startswith(sentence)
