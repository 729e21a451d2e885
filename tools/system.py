#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Turns systems/NAME.toml into a flash image that QEMU boots.

  tools/system.py build NAME|FILE.toml [--out DIR] [--images DIR] [--tf-a DIR] [--bl32 FILE] [--bl33 FILE]
  tools/system.py deps  NAME|FILE.toml      the files the flash image is made of, for make
  tools/system.py check NAME|FILE.toml      says what is wrong with the description itself
  tools/system.py list                      the names of all systems

--images: where our own images are, build (default) or build/gcc. --tf-a: where TF-A as it is was built,
build/tf-a-release (default). Below IMAGES/systems/NAME: spmc-manifest.dts/.dtb, tb-fw-config.dts/.dtb, one package per partition,
fip.bin, flash.bin, symbols.gdb and system.json (what the launcher must know).

Keys of a system (numbers in TOML's notation, paths from the root of the checkout):
  like           name of a system whose keys are taken where this one does not say otherwise
  cpus           PEs named in the SPMC manifest, 1..32 (8); QEMU may start fewer
  ram_mib        normal-world RAM (1024)
  arguments      list of strings: what the normal world reads as its command line by default
  bl32, bl33     other images than build/tantalum.bin and build/normal-world.bin
  tf_a           TF-A with our own BL31 sources in firmware/NAME; default: TF-A as it is
  binary_size    memory kept for the SPMC, and what its manifest says (0x200000)
  secure_memory, ns_memory, secure_devices, ns_devices
                 [[base, size], ...] of the memory nodes of the SPMC manifest; default: QEMU's virt
  attribute      {property = value}: overrides in the manifest's attribute node
  extra_dts      text added to the root node of the SPMC manifest
  no_hypervisor  leave the node with the partitions out
  unchecked      place partitions even where they overlap, for tests of the SPMC's own checks
  [[partition]]  vm1, vm2, ... in this order:
    name           partitions/NAME: build/partitions/NAME.bin and NAME.dtb
    load_address, mem_size, vcpu_count
    package        "spkg1", "spkg2" (default) or "tl" (transfer list)
    image, manifest  other files; a manifest may be a .dts
    hob            file with a HOB list (tl only)
    pm_offset, img_offset   where manifest and image lie in the package (0x1000, 0x4000)
    corrupt        damage done to the finished package, see CORRUPTIONS
    omit_vm        in the flash image, but without a node in the SPMC manifest
    omit_package   the other way round
    vm             number of the vmN node, when it is not the next one
    vm_properties  {property = value}: overrides in the vmN node. Number: one cell, or two when it
                   does not fit; true: empty property; false: property left out; list: cells;
                   text: a string, or device-tree source when it starts with < or [ or ".
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tomllib
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = 0x1000
SECURE_BASE, SECURE_END = 0x0E100000, 0x0F000000  # what BL2 can load to, and all there is
RAM_BASE = 0x40000000
BL33_BASE = 0x60000000
FIP_OFFSET = 0x40000
FLASH_SIZE = 0x04000000
PACKAGE_MAX = 0x400000  # BL2's limit of one package
PACKAGES_MAX = 8  # SP_PKG1..8
MANIFEST_MAX = 4096  # TF-A gives the SPMC manifest one page

SYSTEM_KEYS = {
    "cpus", "ram_mib", "arguments", "bl32", "bl33", "binary_size", "secure_memory", "ns_memory",
    "secure_devices", "ns_devices", "attribute", "extra_dts", "no_hypervisor", "unchecked",
    "partition", "like", "tf_a",
}
PARTITION_KEYS = {
    "name", "load_address", "mem_size", "vcpu_count", "package", "image", "manifest", "hob",
    "pm_offset", "img_offset", "corrupt", "omit_vm", "omit_package", "vm", "vm_properties",
}


class Bad(Exception):
    """A mistake of whoever wrote the system: one clear sentence."""


def align_up(value, to=PAGE):
    return (value + to - 1) // to * to


def read_file(path, what):
    try:
        return (ROOT / path).read_bytes()
    except OSError as error:
        raise Bad(f"{what}: cannot read {path}: {error.strerror}") from None


# --- the description -------------------------------------------------------------------------------


def system_path(name):
    if name.endswith(".toml"):
        return pathlib.Path(name).resolve()
    return ROOT / "systems" / f"{name}.toml"


def check_keys(table, known, where):
    for key in table:
        if key not in known:
            raise Bad(f"{where}: unknown key '{key}'")


def number(table, key, where, default=None, low=0, high=(1 << 64) - 1):
    value = table.get(key, default)
    if value is None:
        raise Bad(f"{where}: '{key}' is missing")
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise Bad(f"{where}: {key} = {value!r}, expected a number from {low:#x} to {high:#x}")
    return value


def read_system(path):
    try:
        system = tomllib.loads(path.read_text())
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in (ROOT / "systems").glob("*.toml")))
        raise Bad(f"cannot read {path.name}: {error.strerror}; there are: {known}") from None
    except tomllib.TOMLDecodeError as error:
        raise Bad(f"not TOML: {error}") from None
    check_keys(system, SYSTEM_KEYS, "system")
    if "like" in system:
        base = path.with_name(f"{system['like']}.toml")
        if base == path:
            raise Bad("it is like itself")
        system = read_system(base) | system
    return system


def check_tf_a(system):
    known = sorted(makefile.parent.name for makefile in ROOT.glob("firmware/*/bl31.mk"))
    if "tf_a" in system and system["tf_a"] not in known:
        raise Bad(f"system: tf_a = {system['tf_a']!r}, expected one of {', '.join(known)}")


def tf_a_folder(system, plain):
    """Where the TF-A of a system is built: each kind beside the plain one."""
    return f"{plain}-{system['tf_a']}" if "tf_a" in system else plain


def load_system(path, images="build"):
    system = read_system(path)
    number(system, "cpus", "system", 8, 1, 32)
    number(system, "ram_mib", "system", 1024, 768, 0x40000)
    check_tf_a(system)
    system.setdefault("bl32", f"{images}/tantalum.bin")
    system.setdefault("bl33", f"{images}/normal-world.bin")
    system.setdefault("partition", [])
    vm = 0
    for position, partition in enumerate(system["partition"], 1):
        where = f"partition {position} ({partition.get('name', 'no name')})"
        check_keys(partition, PARTITION_KEYS, where)
        if not isinstance(partition.get("name"), str):
            raise Bad(f"{where}: 'name' is missing")
        for key in ("load_address", "mem_size"):
            number(partition, key, where, None, 0, 0xFFFFFFFF)
        number(partition, "vcpu_count", where, None, 0, 0xFFFF)
        name = partition["name"]
        partition["built_here"] = "image" not in partition
        partition.setdefault("image", f"{images}/partitions/{name}.bin")
        partition.setdefault("manifest", f"{images}/partitions/{name}.dtb")
        partition.setdefault("package", "spkg2")
        if partition["package"] not in PACKERS:
            raise Bad(f"{where}: package = {partition['package']!r}, expected one of {', '.join(PACKERS)}")
        if partition.get("corrupt", "magic") not in CORRUPTIONS:
            raise Bad(f"{where}: corrupt = {partition['corrupt']!r}, expected one of {', '.join(CORRUPTIONS)}")
        if "hob" in partition and partition["package"] != "tl":
            raise Bad(f"{where}: only a transfer-list package (tl) carries a HOB list")
        if not partition.get("omit_vm"):
            vm = number(partition, "vm", where, vm + 1, 0, 0xFFFF)
            partition["vm"] = vm
        partition["where"] = where
    if sum(not p.get("omit_package") for p in system["partition"]) > PACKAGES_MAX:
        raise Bad(f"{len(system['partition'])} packages: BL2 loads at most {PACKAGES_MAX}")
    return system


def dependencies(system, tfa):
    files = [f"{tf_a_folder(system, tfa)}/.built", system["bl32"], system["bl33"]]
    for partition in system["partition"]:
        if not partition.get("omit_package"):
            files += [partition[k] for k in ("image", "manifest", "hob") if k in partition]
    return list(dict.fromkeys(files))


def check_sources(system):
    """Each default image must have a folder it is built from."""
    for partition in system["partition"]:
        name = partition["name"]
        if partition["built_here"] and not (ROOT / "partitions" / name).exists() and not (ROOT / partition["image"]).exists():
            raise Bad(f"{partition['where']}: there is no folder partitions/{name} to build it from")


# --- packages --------------------------------------------------------------------------------------


def pack_spkg(version, partition, manifest, image, _hob):
    pm_default = 24 if version == 1 else PAGE
    pm_offset = partition.get("pm_offset", pm_default)
    img_offset = partition.get("img_offset", 0x4000)
    if pm_offset < 24 or pm_offset + len(manifest) > img_offset:
        raise Bad(
            f"{partition['where']}: a manifest of {len(manifest)} bytes does not fit between "
            f"pm_offset {pm_offset:#x} and img_offset {img_offset:#x}"
        )
    head = struct.pack(
        "<4sIIIII", b"SPKG", version, pm_offset, len(manifest), img_offset, len(image)
    )
    package = bytearray(img_offset)
    package[0:24] = head
    package[pm_offset : pm_offset + len(manifest)] = manifest
    return package + image


TL_ALIGNMENT = 12
TL_TAG = {"empty": 0, "hob": 3, "image": 0x103, "manifest": 0x106}


def tl_checksum(package):
    """Makes the byte sum of the list 0."""
    size = struct.unpack_from("<I", package, 8)[0]
    package[4] = 0
    package[4] = -sum(package[:size]) & 0xFF


def pack_transfer_list(partition, manifest, image, hob):
    package = bytearray(24)

    def entry(tag, data, target):
        """Appends an entry whose data begin at target, after an empty entry that fills the gap."""
        start = align_up(len(package), 8)
        if target - 8 != start:
            if target - 16 < start:
                raise Bad(f"{partition['where']}: no room for the {tag} at {target:#x} of the package")
            package.extend(bytes(start - len(package)))
            package.extend(struct.pack("<II", 8 << 24 | TL_TAG["empty"], target - 16 - start))
        package.extend(bytes(target - 8 - len(package)))
        package.extend(struct.pack("<II", 8 << 24 | TL_TAG[tag], len(data)))
        package.extend(data)

    pm_offset = partition.get("pm_offset", PAGE)
    entry("manifest", manifest, pm_offset)
    if hob is not None:
        entry("hob", hob, align_up(len(package) + 24))
    entry("image", image, partition.get("img_offset", max(0x4000, align_up(len(package) + 24))))
    struct.pack_into(
        "<IBBBBIIII", package, 0, 0x4A0FB10B, 0, 1, 24, TL_ALIGNMENT,
        len(package), max(len(package), partition["mem_size"]), 1, 0,
    )
    tl_checksum(package)
    return package


PACKERS = {
    "spkg1": lambda *a: pack_spkg(1, *a),
    "spkg2": lambda *a: pack_spkg(2, *a),
    "tl": pack_transfer_list,
}


def word(offset, value):
    def damage(package):
        struct.pack_into("<I", package, offset, value(package) if callable(value) else value)

    return damage


def spkg_word(package, offset):
    return struct.unpack_from("<I", package, offset)[0]


def truncate_manifest(package):
    """The manifest's second half becomes zeros; its size field stays."""
    start, size = spkg_word(package, 8), spkg_word(package, 12)
    package[start + size // 2 : start + size] = bytes(size - size // 2)


def damage_fdt(package):
    package[spkg_word(package, 8) : spkg_word(package, 8) + 4] = b"\0\0\0\0"


def tl_retag(old, new):
    """Gives every entry of one tag another one."""

    def damage(package):
        size, offset = spkg_word(package, 8), 24
        while offset + 8 <= size:
            head, data_size = struct.unpack_from("<II", package, offset)
            if head & 0xFFFFFF == TL_TAG[old]:
                struct.pack_into("<I", package, offset, 8 << 24 | TL_TAG[new])
            offset = align_up(offset + 8 + data_size, 8)
        tl_checksum(package)

    return damage


def tl_byte(offset, value):
    def damage(package):
        package[offset] = value
        tl_checksum(package)

    return damage


def tl_word(offset, value):
    def damage(package):
        struct.pack_into("<I", package, offset, value)

    return damage


CORRUPTIONS = {
    # any package
    "magic": word(0, 0x21444142),
    "empty": lambda package: package.__setitem__(slice(0, len(package)), bytes(len(package))),
    # SPKG
    "version": word(4, 3),
    "version-0": word(4, 0),
    "truncate-manifest": truncate_manifest,
    "manifest-magic": damage_fdt,
    "pm-offset-unaligned": word(8, 0x1008),
    "pm-offset-huge": word(8, 0xFFFFF000),
    "pm-size-zero": word(12, 0),
    "pm-size-huge": word(12, 0xFFFFFFFF),
    "img-offset-unaligned": word(16, 0x4010),
    "img-offset-huge": word(16, 0xFFFFF000),
    "img-offset-in-manifest": word(16, lambda package: spkg_word(package, 8)),
    "img-size-zero": word(20, 0),
    "img-size-huge": word(20, 0xFFFFFFF0),
    # transfer list
    "tl-checksum": lambda package: package.__setitem__(4, package[4] ^ 0x55),
    "tl-version-0": tl_byte(5, 0),
    "tl-header-size": tl_byte(6, 32),
    "tl-size-huge": tl_word(8, 0xFFFFFFFF),
    "tl-size-small": tl_word(8, 8),
    "tl-max-size-zero": tl_word(12, 0),
    "tl-entry-huge": tl_word(28, 0xFFFFFFF0),
    "tl-no-image": tl_retag("image", "empty"),
    "tl-no-manifest": tl_retag("manifest", "empty"),
    "tl-two-images": tl_retag("manifest", "image"),
    "tl-two-manifests": tl_retag("image", "manifest"),
}


def pack(partition, out):
    path = partition["manifest"]
    if path.endswith(".dts"):
        dtb = out / f"{partition['name']}.dtb"
        compile_dts(ROOT / path, dtb, partition["where"])
        manifest = dtb.read_bytes()
    else:
        manifest = read_file(path, partition["where"])
    image = read_file(partition["image"], partition["where"])
    hob = read_file(partition["hob"], partition["where"]) if "hob" in partition else None
    package = PACKERS[partition["package"]](partition, manifest, image, hob)
    if "corrupt" in partition:
        CORRUPTIONS[partition["corrupt"]](package)
    return bytes(package)


# --- device trees ----------------------------------------------------------------------------------


def compile_dts(source, target, where):
    try:
        done = subprocess.run(
            ["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", target, source],
            capture_output=True, text=True, check=False,
        )
    except FileNotFoundError:
        raise Bad("dtc is missing: apt-get install device-tree-compiler") from None
    if done.returncode != 0:
        raise Bad(f"{where}: {source.name} does not compile:\n{done.stderr.strip()}")


def cells(value):
    high, low = value >> 32, value & 0xFFFFFFFF
    return f"{high:#x} {low:#x}"


def property_text(key, value):
    if value is False:
        return ""
    if value is True:
        return f"{key};"
    if isinstance(value, int):
        return f"{key} = <{cells(value)}>;" if value >> 32 else f"{key} = <{value:#x}>;"
    if isinstance(value, list):
        return f"{key} = <{' '.join(f'{v:#x}' for v in value)}>;"
    if value[:1] in "<[\"" and value:
        return f"{key} = {value};"
    return f'{key} = "{value}";'


def node(name, properties, indent="\t"):
    lines = [property_text(k, v) for k, v in properties.items()]
    body = "".join(f"{indent}\t{line}\n" for line in lines if line)
    return f"{indent}{name} {{\n{body}{indent}}};\n"


def memory_nodes(system):
    """The four kinds of memory, in the order deployed manifests have them."""
    ram = system.get("ram_mib", 1024) << 20
    kinds = [
        ("memory", "secure_memory", [[SECURE_BASE, SECURE_END - SECURE_BASE]]),
        ("ns-memory", "ns_memory", [[RAM_BASE, ram]]),
        ("device-memory", "secure_devices", [[0x09040000, 0x1000], [0x090B0000, 0x1000]]),
        (
            "ns-device-memory",
            "ns_devices",
            [
                [0x09000000, 0x40000],  # UART0, RTC, fw_cfg, GPIO
                [0x09041000, 0x6F000],  # SMMU, ACPI
                [0x090B1000, 0x1F4F000],  # virtio-mmio
                [0x10000000, 0x2EFF0000],  # PCIe MMIO, 32 bits
                [0x4010000000, 0x10000000],  # PCIe configuration
            ],
        ),
    ]
    text = ""
    for index, (kind, key, default) in enumerate(kinds):
        ranges = system.get(key, default)
        if ranges:
            reg = ", ".join(f"<{cells(base)} {cells(size)}>" for base, size in ranges)
            text += node(f"memory@{index}", {"device_type": kind, "reg": reg})
    return text


def cpu_nodes(count):
    """Boot PE first, the others descending: position in the list is the linear id (deployed form)."""
    text = "\tcpus {\n\t\t#address-cells = <2>;\n\t\t#size-cells = <0>;\n"
    # The long form of many PEs would not fit the page that TF-A gives the manifest.
    more = {"compatible": "arm,armv8", "enable-method": "psci"} if count <= 8 else {}
    for index in [0, *range(count - 1, 0, -1)]:
        mpidr = (index // 16) << 8 | index % 16
        properties = {"device_type": "cpu", **more, "reg": f"<{cells(mpidr)}>"}
        text += node(f"cpu@{mpidr:x}", properties, "\t\t")
    return text + "\t};\n"


def spmc_manifest(system):
    attribute = {
        "spmc_id": 0x8000,
        "maj_ver": 1,
        "min_ver": 2,
        "exec_state": 0,
        "load_address": f"<{cells(SECURE_BASE)}>",
        "entrypoint": f"<{cells(SECURE_BASE)}>",
        "binary_size": system.get("binary_size", 0x200000),
        **system.get("attribute", {}),
    }
    text = (
        "/* Made by tools/system.py. */\n/dts-v1/;\n\n/ {\n"
        '\tcompatible = "arm,ffa-core-manifest-1.0";\n'
        "\t#address-cells = <2>;\n\t#size-cells = <2>;\n\n"
    )
    text += node("attribute", attribute)
    if not system.get("no_hypervisor"):
        text += '\n\thypervisor {\n\t\tcompatible = "hafnium,hafnium";\n'
        for partition in system["partition"]:
            if partition.get("omit_vm"):
                continue
            properties = {
                "is_ffa_partition": True,
                "debug_name": partition["name"],
                "load_address": partition["load_address"],
                "vcpu_count": partition["vcpu_count"],
                "mem_size": partition["mem_size"],
                **partition.get("vm_properties", {}),
            }
            text += node(f"vm{partition['vm']}", properties, "\t\t")
        text += "\t};\n"
    text += "\n" + cpu_nodes(system.get("cpus", 8)) + "\n" + memory_nodes(system)
    text += (
        "\tinterrupt-controller@8000000 {\n"
        '\t\tcompatible = "arm,gic-v3";\n'
        "\t\t#interrupt-cells = <3>;\n"
        "\t\tinterrupt-controller;\n"
        "\t\treg = <0x0 0x8000000 0x0 0x10000>, <0x0 0x80a0000 0x0 0xf60000>;\n"
        "\t};\n"
    )
    return text + system.get("extra_dts", "") + "};\n"


def tb_fw_config(packages):
    text = '/* Made by tools/system.py. */\n/dts-v1/;\n\n/ {\n\tsecure-partitions {\n\t\tcompatible = "arm,sp";\n'
    for name, package_uuid, load_address, _ in packages:
        text += node(name, {"uuid": str(package_uuid), "load-address": load_address}, "\t\t")
    return text + "\t};\n};\n"


# --- checks of the whole ---------------------------------------------------------------------------


def check_placement(system, packages):
    binary_size = system.get("binary_size", 0x200000)
    taken = [("the SPMC", SECURE_BASE, SECURE_BASE + binary_size)]
    for (_, _, _, package), partition in zip(packages, system["partition"]):
        where, base, size = partition["where"], partition["load_address"], partition["mem_size"]
        if package is not None and len(package) > size:
            raise Bad(f"{where}: its package of {len(package):#x} bytes is larger than mem_size {size:#x}")
        if base % PAGE or size % PAGE or size == 0:
            raise Bad(f"{where}: load_address and mem_size must be whole 4 KiB pages")
        if base < SECURE_BASE or base + size > SECURE_END:
            raise Bad(
                f"{where}: {base:#x}..{base + size:#x} is outside secure DRAM "
                f"{SECURE_BASE:#x}..{SECURE_END:#x}"
            )
        for other, low, high in taken:
            if base < high and low < base + size:
                raise Bad(f"{where}: {base:#x}..{base + size:#x} overlaps {other} at {low:#x}..{high:#x}")
        taken.append((where, base, base + size))


def elf_end(path):
    """End address in memory of the ELF beside a raw image, None when there is none."""
    try:
        elf = path.with_suffix(".elf").read_bytes()
    except OSError:
        return None
    if elf[:5] != b"\x7fELF\x02":
        return None
    offset = struct.unpack_from("<Q", elf, 32)[0]
    size, count = struct.unpack_from("<HH", elf, 54)
    ends = [0]
    for index in range(count):
        kind, _, _, _, physical, _, memory, _ = struct.unpack_from("<IIQQQQQQ", elf, offset + index * size)
        if kind == 1:
            ends.append(physical + memory)
    return max(ends)


def check_images(system, bl32, bl33):
    room = system.get("binary_size", 0x200000)
    end = elf_end(ROOT / system["bl32"]) or 0
    used = max(len(bl32), end - SECURE_BASE)
    if used > room:
        raise Bad(f"the SPMC needs {used:#x} bytes, binary_size gives it {room:#x}")
    room = RAM_BASE + (system.get("ram_mib", 1024) << 20) - BL33_BASE
    if len(bl33) > room:
        raise Bad(f"{system['bl33']} of {len(bl33):#x} bytes does not fit the RAM from {BL33_BASE:#x}")


# --- the images ------------------------------------------------------------------------------------


def make_fip(tfa, out, system, packages):
    command = [
        tfa / "fiptool", "create",
        "--tb-fw", tfa / "bl2.bin", "--soc-fw", tfa / "bl31.bin",
        "--tos-fw", ROOT / system["bl32"], "--nt-fw", ROOT / system["bl33"],
        "--tb-fw-config", out / "tb-fw-config.dtb", "--tos-fw-config", out / "spmc-manifest.dtb",
    ]
    for name, package_uuid, _, package in packages:
        if package is not None:
            command += ["--blob", f"uuid={package_uuid},file={out / name}.pkg"]
    try:
        done = subprocess.run([*command, out / "fip.bin"], capture_output=True, text=True, check=False)
    except OSError:
        raise Bad(f"{tfa.name}/fiptool does not run: build TF-A first (make firmware)") from None
    if done.returncode != 0:
        raise Bad(f"fiptool: {done.stderr.strip()}")

    bl1, fip = read_file(tfa / "bl1.bin", "flash"), (out / "fip.bin").read_bytes()
    if len(bl1) > 0x20000:
        raise Bad(f"bl1.bin of {len(bl1)} bytes does not fit its 128 KiB")
    if FIP_OFFSET + len(fip) > FLASH_SIZE:
        raise Bad(f"the flash image of {FIP_OFFSET + len(fip)} bytes is larger than 64 MiB")
    temporary = out / "flash.new"
    temporary.write_bytes(bl1.ljust(FIP_OFFSET, b"\xff") + fip)
    temporary.replace(out / "flash.bin")


def elf_base(path):
    """None for an image linked where it runs; for a position-independent one its lowest address."""
    elf = path.read_bytes()
    if struct.unpack_from("<H", elf, 16)[0] != 3:
        return None
    offset = struct.unpack_from("<Q", elf, 32)[0]
    size, count = struct.unpack_from("<HH", elf, 54)
    heads = [struct.unpack_from("<IIQQ", elf, offset + index * size) for index in range(count)]
    return min((head[3] for head in heads if head[0] == 1), default=0)


def symbols(system, tfa):
    """gdb commands that load the symbols of all that runs, where it runs."""
    images = [(tfa / "bl31.bin", 0), (ROOT / system["bl32"], SECURE_BASE), (ROOT / system["bl33"], BL33_BASE)]
    for partition in system["partition"]:
        start = partition["load_address"] + partition.get("img_offset", 0x4000)
        images.append((ROOT / partition["image"], start))
    text = "# Made by tools/system.py.\n"
    for image, start in images:
        path = image.with_suffix(".elf")
        if path.exists():
            base = elf_base(path)
            offset = "" if base is None else f" -o {start - base:#x}"
            text += f"add-symbol-file {os.path.relpath(path, ROOT)}{offset}\n"
    return text


def build(path, arguments):
    system = load_system(path, arguments.images)
    system.update({k: getattr(arguments, k) for k in ("bl32", "bl33") if getattr(arguments, k)})
    out = pathlib.Path(arguments.out or ROOT / arguments.images / "systems" / path.stem).resolve()
    tfa = (ROOT / tf_a_folder(system, arguments.tf_a)).resolve()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Bad(f"cannot write to {out.name}: {error.strerror}") from None

    bl32, bl33 = read_file(system["bl32"], "SPMC"), read_file(system["bl33"], "normal world")
    check_images(system, bl32, bl33)
    packages = []
    for position, partition in enumerate(system["partition"], 1):
        name = f"sp{position}-{partition['name']}"
        package_uuid = uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.tantalum")
        package = None if partition.get("omit_package") else pack(partition, out)
        if package is not None and len(package) > PACKAGE_MAX:
            raise Bad(f"{partition['where']}: its package of {len(package):#x} bytes is above BL2's {PACKAGE_MAX:#x}")
        packages.append((name, package_uuid, partition["load_address"], package))
    if not system.get("unchecked"):
        check_placement(system, packages)
    for name, _, _, package in packages:
        if package is not None:
            (out / f"{name}.pkg").write_bytes(package)

    loaded = [p for p in packages if p[3] is not None]
    for stem, text in (("spmc-manifest", spmc_manifest(system)), ("tb-fw-config", tb_fw_config(loaded))):
        (out / f"{stem}.dts").write_text(text)
        compile_dts(out / f"{stem}.dts", out / f"{stem}.dtb", stem)
        size = (out / f"{stem}.dtb").stat().st_size
        if size > MANIFEST_MAX:
            raise Bad(f"{stem}.dtb has {size} bytes, TF-A allows {MANIFEST_MAX}")
    make_fip(tfa, out, system, packages)
    (out / "symbols.gdb").write_text(symbols(system, tfa))
    about = {
        "name": path.stem,
        "cpus": system.get("cpus", 8),
        "ram_mib": system.get("ram_mib", 1024),
        "arguments": system.get("arguments", []),
        "partitions": [p["name"] for p in system["partition"]],
    }
    (out / "system.json").write_text(json.dumps(about, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("build", "deps", "check", "list"))
    parser.add_argument("system", nargs="?")
    for option in ("--out", "--bl32", "--bl33"):
        parser.add_argument(option)
    parser.add_argument("--images", default="build")
    parser.add_argument("--tf-a", default="build/tf-a-release")
    arguments = parser.parse_args()

    if arguments.action == "list":
        print("\n".join(sorted(p.stem for p in (ROOT / "systems").glob("*.toml"))))
        return 0
    if not arguments.system:
        parser.error("which system?")
    path = system_path(arguments.system)
    try:
        if arguments.action == "deps":
            print(" ".join(dependencies(load_system(path, arguments.images), arguments.tf_a)))
        elif arguments.action == "check":
            check_sources(load_system(path, arguments.images))
        else:
            build(path, arguments)
    except Bad as error:
        print(f"systems/{path.name}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"systems/{path.name}: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
