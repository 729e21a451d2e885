/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/core/space_fixture.h"

#include "arch/aarch64/table.h"

/**
 * Break-before-make (Arm ARM, D8.16.1): a live entry only ever becomes invalid, and an entry that was live
 * becomes live again only after an invalidation.
 */
static void observe(const struct host_table_event *event, void *argument)
{
	struct fixture *f = argument;

	switch (event->kind) {
	case HOST_TABLE_WRITE:
		f->write_count++;
		if ((event->before & 1) != 0 && event->before != event->after) {
			CHECK_EQUAL(event->after & 1, 0);
			f->broke = true;
		}
		if ((event->before & 1) == 0 && event->before != 0) {
			CHECK(!f->broke);
		}
		break;
	case HOST_TABLE_INVALIDATE:
		CHECK_EQUAL(event->id, SPACE_ID);
		f->invalidate_count++;
		f->invalidated_pages += event->page_count;
		f->broke = false;
		break;
	case HOST_TABLE_PUBLISH:
		break;
	}
}

void fixture_init(struct fixture *f, enum arch_space_kind kind, unsigned first_level,
		  uint32_t limit)
{
	struct page_range pages = arch_image_pool();

	host_reset();
	table_setup((struct table_format){ .forced_write_back = true, .first_level = first_level });
	memset(f, 0, sizeof(*f));
	f->quota.limit_pages = limit;
	page_pool_init(&f->pool);
	page_pool_add(&f->pool, arch_pointer(pages.base), pages.page_count);
	CHECK(space_init(&f->space, kind, &f->pool, &f->quota, SPACE_ID));
	host_table_hook(observe, f);
}

void fixture_forget(struct fixture *f)
{
	f->write_count = 0;
	f->invalidate_count = 0;
	f->invalidated_pages = 0;
}

uint32_t fixture_tables(const struct fixture *f)
{
	CHECK_EQUAL(f->quota.used_pages, f->pool.total_count - f->pool.free_count);
	return f->quota.used_pages;
}

struct page_range range_of(uint64_t base, uint64_t size)
{
	return (struct page_range){ .base = paddr(base), .page_count = size >> PAGE_SHIFT };
}

void map(struct fixture *f, uint64_t base, uint64_t size, unsigned attributes)
{
	CHECK_EQUAL(space_map(&f->space, range_of(base, size), attributes), SPACE_OK);
	CHECK(!f->broke);
	CHECK_EQUAL(f->space.root.edits % 2, 0);
}

unsigned mapped(struct fixture *f, uint64_t address, enum world world)
{
	unsigned attributes = 0;
	bool found;

	lock_acquire(&f->space.lock);
	found = space_lookup(&f->space, range_of(address, PAGE_SIZE), world, &attributes);
	lock_release(&f->space.lock);
	return found ? attributes : 0;
}
