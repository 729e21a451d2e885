/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking and giving back of the normal world's memory. Locks: RANK_SPACE of the record, then RANK_POOL. */
#include "core/ns_record.h"

#include "core/space_edit.h"

static enum ns_record_result prepare(struct space_edit *edit, struct page_range range)
{
	enum space_result result = space_edit_prepare(edit, range);
	unsigned map;

	if (result != SPACE_OK) {
		return result == SPACE_NO_MEMORY ? NS_RECORD_NO_MEMORY : NS_RECORD_NOT_FREE;
	}
	return space_edit_alike(edit, range, &map) && map == 0 ? NS_RECORD_OK : NS_RECORD_NOT_FREE;
}

enum ns_record_result ns_record_take(struct space *record, const struct page_range *ranges,
				     unsigned count)
{
	enum ns_record_result result = NS_RECORD_OK;
	struct space_edit edit;
	unsigned prepared = 0;

	lock_acquire(&record->lock);
	edit = space_edit_begin(record, WORLD_SECURE);
	while (prepared < count && result == NS_RECORD_OK) {
		result = prepare(&edit, ranges[prepared]);
		prepared++;
	}
	for (unsigned i = 0; i < prepared; i++) {
		if (result == NS_RECORD_OK) {
			space_edit_set(&edit, ranges[i], NS_RECORD_TAKEN);
		} else {
			space_edit_prune(&edit, ranges[i]);
		}
	}
	space_edit_end(&edit);
	lock_release(&record->lock);
	return result;
}

void ns_record_give(struct space *record, const struct page_range *ranges, unsigned count)
{
	struct space_edit edit;

	lock_acquire(&record->lock);
	edit = space_edit_begin(record, WORLD_SECURE);
	for (unsigned i = 0; i < count; i++) {
		space_edit_clear(&edit, ranges[i]);
	}
	space_edit_end(&edit);
	lock_release(&record->lock);
}
