# SPDX-License-Identifier: BSD-3-Clause
"""What a profile needs of an AArch64 ELF file: sections with their sizes, and functions by address."""

import bisect
import collections
import pathlib
import struct

Section = collections.namedtuple("Section", "name kind flags address size")
Function = collections.namedtuple("Function", "address size name")

SECTION_SYMBOLS = 2
SECTION_PROGBITS = 1
FLAG_WRITE, FLAG_ALLOCATED, FLAG_EXECUTABLE = 1, 2, 4
SYMBOL_FUNCTION = 2
SYMBOL_NOTYPE = 0


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
        heads = [struct.unpack_from("<IIQQQQIIQQ", self.bytes, offset + i * size) for i in range(count)]
        names = heads[names_index][4]
        self.heads = heads
        self.sections = [
            Section(self._text(names + head[0]), head[1], head[2], head[3], head[5]) for head in heads
        ]

    def _text(self, offset):
        return self.bytes[offset : self.bytes.index(b"\0", offset)].decode()

    def _executable(self, index):
        return 0 < index < len(self.sections) and self.sections[index].flags & FLAG_EXECUTABLE

    def _read_functions(self):
        found = {}
        for head in self.heads:
            if head[1] != SECTION_SYMBOLS:
                continue
            names = self.heads[head[6]][4]
            for offset in range(head[4], head[4] + head[5], 24):
                name, info, _, index, value, size = struct.unpack_from("<IBBHQQ", self.bytes, offset)
                text = self._text(names + name)
                kind = info & 15
                # Labels of assembly have no type; $x and $d are mapping symbols.
                if kind not in (SYMBOL_FUNCTION, SYMBOL_NOTYPE) or not self._executable(index) or text[:1] in ("", "$", "."):
                    continue
                if value not in found or (kind, size) > found[value][0]:
                    found[value] = ((kind, size), Function(value, size, text))
        self.functions = [found[value][1] for value in sorted(found)]
        self.starts = [function.address for function in self.functions]

    def function_at(self, address):
        """Name of the function or label that @address lies in or behind."""
        index = bisect.bisect_right(self.starts, address) - 1
        return self.functions[index].name if index >= 0 else f"{address:#x}"

    def read_only_size(self):
        """Bytes of code and constants."""
        return sum(
            s.size for s in self.sections
            if s.kind == SECTION_PROGBITS and s.flags & FLAG_ALLOCATED and not s.flags & FLAG_WRITE
        )
