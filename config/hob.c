/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * HOB lists (UEFI Platform Initialization, vol. 3) of a package are handed through to the partition
 * as they are. All that is checked is that it is one: it starts with a hand-off block and ends
 * inside.
 */
#include "config/config.h"
#include "lib/string.h"

enum {
	HOB_HANDOFF = 0x0001,
	HOB_END = 0xFFFF,
};

struct hob_header {
	uint16_t type;
	uint16_t length;
	uint32_t reserved;
};

_Static_assert(sizeof(struct hob_header) == 8, "PI specification, EFI_HOB_GENERIC_HEADER");

/** Checks the list of at most @size bytes at @list. */
bool hob_list_check(const void *list, size_t size, struct config_report *report)
{
	const uint8_t *bytes = list;
	size_t position = 0;

	while (size - position >= sizeof(struct hob_header)) {
		struct hob_header header;

		memcpy(&header, bytes + position, sizeof(header));
		if (position == 0 && header.type != HOB_HANDOFF) {
			config_error(
				report, "package",
				"HOB list starts with type 0x%x: expected 1, the hand-off block",
				(unsigned)header.type);
			return false;
		}
		if (header.length < sizeof(header) || header.length % 8 != 0 ||
		    header.length > size - position) {
			config_error(
				report, "package",
				"HOB at offset 0x%lx has length %u: expected a multiple of 8 inside the list",
				(unsigned long)position, (unsigned)header.length);
			return false;
		}
		if (header.type == HOB_END) {
			return true;
		}
		position += header.length;
	}
	config_error(report, "package", "HOB list does not end: expected a block of type 0xffff");
	return false;
}
