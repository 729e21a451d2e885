/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions of the normal world with SP1, of memory far from all else. Each of the four steps is
 * measured by itself, the first time (page tables are to be made) and once more; all fragments count.
 */
#include "abi/ffa_memory.h"
#include "bench/client/client.h"
#include "bench/mark.h"
#include "sdk/text.h"

#define MEMORY_BASE UINT64_C(0x70000000)

#define SHARE 1U
#define LEND 2U

/** @ranges of @pages each, with a page between them if there are several. */
static const struct shape {
	const char *kind_name, *name; /* pages.ranges */
	uint32_t kind;
	uint32_t ranges, pages;
	bool zero;
} shapes[] = {
	{ "share", "1.1", SHARE, 1, 1, false },
	{ "lend", "1.1", LEND, 1, 1, false },
	{ "share", "4096.1", SHARE, 1, 4096, false },
	{ "lend", "4096.1", LEND, 1, 4096, false },
	{ "lend_zero", "64.1", LEND, 1, 64, true },
	{ "share", "256.256", SHARE, 256, 1, false },
	{ "share", "4096.4096", SHARE, 4096, 1, false },
	{ "share", "65536.65536", SHARE, 65536, 1, false },
};

static void tell_step(const struct shape *shape, const char *step, bool good)
{
	char name[64];

	(void)text_format(name, sizeof(name), "mem.%s.%s.%s", shape->kind_name, step, shape->name);
	tell(name, 1, good);
}

/* ---- sending ------------------------------------------------------------------------------------ */

/** Descriptor without constituents; its size. */
static uint32_t compose_head(const struct shape *shape)
{
	struct ffa_memory_header_v1_1 *header = (void *)tx_buffer;
	struct ffa_memory_access *access = (void *)(header + 1);
	struct ffa_memory_composite *composite = (void *)(access + 1);

	*header = (struct ffa_memory_header_v1_1){
		.attributes = shape->kind == SHARE ? FFA_MEMORY_NORMAL_WRITE_BACK_INNER : 0,
		.flags = shape->zero ? FFA_MEMORY_FLAG_ZERO : 0,
		.access_size = sizeof(*access),
		.access_count = 1,
		.access_offset = sizeof(*header),
	};
	*access = (struct ffa_memory_access){
		.receiver = BENCH_SP1,
		.permissions = FFA_MEMORY_DATA_RW,
		.composite_offset = sizeof(*header) + sizeof(*access),
	};
	*composite = (struct ffa_memory_composite){
		.page_count = shape->ranges * shape->pages,
		.range_count = shape->ranges,
	};
	return sizeof(*header) + sizeof(*access) + sizeof(*composite);
}

/** Constituents from number *@next on, from @at to the end of TX. Returns the bytes in TX. */
static uint32_t compose_ranges(const struct shape *shape, uint32_t at, uint32_t *next)
{
	for (; *next < shape->ranges && at + sizeof(struct ffa_memory_range) <= FFA_PAGE_SIZE;
	     at += sizeof(struct ffa_memory_range), (*next)++) {
		uint64_t stride = (uint64_t)(shape->pages + 1) * FFA_PAGE_SIZE;

		*(struct ffa_memory_range *)(void *)(tx_buffer + at) = (struct ffa_memory_range){
			.address = MEMORY_BASE + *next * stride,
			.page_count = shape->pages,
		};
	}
	return at;
}

static bool send(const struct shape *shape, uint64_t *handle)
{
	uint32_t function = (uint32_t)(shape->kind == SHARE ? FFA_MEM_SHARE_32 : FFA_MEM_LEND_32);
	uint32_t head = compose_head(shape);
	uint32_t total = head + shape->ranges * (uint32_t)sizeof(struct ffa_memory_range);
	uint32_t next = 0;
	uint32_t size = compose_ranges(shape, head, &next);
	struct ffa_regs regs = { { function, total, size } };

	MARK(MARK_START);
	ffa_call(&regs);
	while ((uint32_t)regs.x[0] == (uint32_t)FFA_MEM_FRAG_RX_32 && next < shape->ranges) {
		size = compose_ranges(shape, 0, &next);
		regs = (struct ffa_regs){ { (uint32_t)FFA_MEM_FRAG_TX_32, regs.x[1], regs.x[2],
					    size } };
		ffa_call(&regs);
	}
	MARK(MARK_STOP);
	last = regs;
	*handle = regs.x[3] << 32 | (uint32_t)regs.x[2];
	return (uint32_t)regs.x[0] == (uint32_t)FFA_SUCCESS_32;
}

/* ---- the four steps ----------------------------------------------------------------------------- */

static bool reclaim(uint64_t handle)
{
	bool good;

	MARK(MARK_START);
	good = call((struct ffa_regs){ { (uint32_t)FFA_MEM_RECLAIM_32, (uint32_t)handle,
					 handle >> 32 } },
		    (uint32_t)FFA_SUCCESS_32);
	MARK(MARK_STOP);
	return good;
}

static bool retrieve(const struct shape *shape, uint64_t handle)
{
	return call((struct ffa_regs){ { (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, BENCH_SP1, 0,
					 COMMAND_RETRIEVE, handle, shape->kind } },
		    (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64) &&
	       last.x[3] == 0;
}

void bench_memory(void)
{
	(void)command(BENCH_SP1, COMMAND_TAKE, 0); /* RX is free */
	for (unsigned i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct shape *shape = &shapes[i];
		uint64_t handle;

		tell_step(shape, "send", send(shape, &handle));
		tell_step(shape, "retrieve", retrieve(shape, handle));
		tell_step(shape, "relinquish", command(BENCH_SP1, COMMAND_RELINQUISH, handle));
		tell_step(shape, "reclaim", reclaim(handle));
	}
}
