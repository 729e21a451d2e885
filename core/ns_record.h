/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What of the normal world's memory is not free for transactions: given away in one, somebody's buffer, a
 * partition's by its manifest. Kept in tables like those of partitions, by ranges; no PE walks them.
 */
#ifndef CORE_NS_RECORD_H
#define CORE_NS_RECORD_H

#include "core/space.h"

/* What the record says of a page that is not free. */
#define NS_RECORD_TAKEN (ARCH_MAP_READ | ARCH_MAP_SHARED)

enum ns_record_result {
	NS_RECORD_OK,
	NS_RECORD_NOT_FREE,
	NS_RECORD_NO_MEMORY,
};

/** Takes @count ranges, all or none. They do not overlap. */
enum ns_record_result ns_record_take(struct space *record, const struct page_range *ranges,
				     unsigned count);

/** Gives ranges back that were taken. */
void ns_record_give(struct space *record, const struct page_range *ranges, unsigned count);

#endif
