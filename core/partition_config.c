/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions about the configuration (partition_config.h). No locks: it does not change after boot.
 */
#include "core/partition_config.h"

/**
 * True when all of @inner lies in @ranges, which are sorted and neither overlap nor touch each
 * other.
 */
bool memory_ranges_contain(const struct memory_ranges *ranges, struct page_range inner)
{
	uint32_t low = 0, high = ranges->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (page_range_end(ranges->range[middle]) <= inner.base.pa) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < ranges->count && page_range_contains(ranges->range[low], inner);
}
