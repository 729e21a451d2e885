# SPDX-License-Identifier: BSD-3-Clause
"""What a profile needs of an ELF file: sections with their sizes, and functions by address."""

import bisect
import collections
import pathlib
import struct

Section = collections.namedtuple("Section", "name kind flags address size")

SECTION_SYMBOLS = 2
SECTION_PROGBITS = 1
FLAG_WRITE, FLAG_ALLOCATED, FLAG_EXECUTABLE = 1, 2, 4
SYMBOL_NOTYPE, SYMBOL_FUNCTION = 0, 2
SYMBOL_SIZE = 24
VECTORS_SIZE, VECTOR_SIZE = 0x800, 0x80


class Elf:
    def __init__(self, path):
        self.bytes = pathlib.Path(path).read_bytes()
        if self.bytes[:6] != b"\x7fELF\x02\x01":
            raise ValueError(f"{path} is not a 64-bit little-endian ELF file")
        self._read_sections()
        self._read_functions()

    def _read_sections(self):
        offset = struct.unpack_from("<Q", self.bytes, 40)[0]
        size, count, names_index = struct.unpack_from("<HHH", self.bytes, 58)
        heads = [
            struct.unpack_from("<IIQQQQIIQQ", self.bytes, offset + index * size)
            for index in range(count)
        ]
        names = heads[names_index][4]
        self.heads = heads
        self.sections = [
            Section(self._text(names + name), kind, flags, address, size)
            for name, kind, flags, address, _, size, *_ in heads
        ]

    def _text(self, offset):
        return self.bytes[offset : self.bytes.index(b"\0", offset)].decode()

    def _executable(self, index):
        if not 0 < index < len(self.sections):
            return False
        return self.sections[index].flags & FLAG_EXECUTABLE != 0

    def _symbols(self):
        """(name, kind, section, address, size) of every symbol."""
        for _, kind, _, _, start, size, link, *_ in self.heads:
            if kind != SECTION_SYMBOLS:
                continue
            for offset in range(start, start + size, SYMBOL_SIZE):
                symbol = struct.unpack_from("<IBBHQQ", self.bytes, offset)
                name = self._text(self.heads[link][4] + symbol[0])
                yield name, symbol[1] & 15, symbol[3], symbol[4], symbol[5]

    def _read_functions(self):
        """Functions, and labels of assembly, which have no type; $x and $d are mapping symbols."""
        found = {}
        for name, kind, section, address, size in self._symbols():
            if kind not in (SYMBOL_FUNCTION, SYMBOL_NOTYPE) or not self._executable(section):
                continue
            if name[:1] in ("", "$", "."):
                continue
            if address not in found or (kind, size) > found[address][:2]:
                found[address] = (kind, size, name)
        self.starts = sorted(found)
        self.names = [found[address][2] for address in self.starts]
        self.vectors = next((a for a in found if found[a][2] == "exception_vectors"), None)

    def function_at(self, address):
        """Name of the function or label that @address lies in or behind; vectors by their offset."""
        index = bisect.bisect_right(self.starts, address) - 1
        if self.vectors is not None and 0 <= address - self.vectors < VECTORS_SIZE:
            return f"vector {(address - self.vectors) // VECTOR_SIZE * VECTOR_SIZE:#x}"
        return self.names[index] if index >= 0 else f"{address:#x}"

    def read_only_size(self):
        """Bytes of code and constants."""
        return sum(
            section.size for section in self.sections
            if section.kind == SECTION_PROGBITS
            and section.flags & (FLAG_ALLOCATED | FLAG_WRITE) == FLAG_ALLOCATED
        )
