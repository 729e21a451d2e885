/* SPDX-License-Identifier: BSD-3-Clause */
/* See memory.h. */
#include "normal-world/tests/memory.h"

#include "lib/string.h"

#define METHODS_1_1 (FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND)
#define METHODS_1_2 (METHODS_1_1 | FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND)
#define UUID(n)                                                                        \
	{                                                                              \
		{                                                                      \
			0x7E570050U + (n), 0x4A7B11EEU, 0x8F3C9D20U, 0x5B6E0A50U + (n) \
		}                                                                      \
	}
#define ESR_CLASS(esr) ((esr) >> 26)
#define ESR_CLASS_DATA_ABORT 0x25U
#define SAMPLE 64U /* bytes of a page that are looked at when there are many */

/* As the manifests in partitions/mem-* and systems/memory.toml say. */
static const struct subject memory_subjects[] = {
	{ MEM_MP, FFA_VERSION_1_2, 8, true, METHODS_1_2, 0x0E300000, UUID(1) },
	{ MEM_UP11, FFA_VERSION_1_1, 1, true, METHODS_1_1, 0x0E400000, UUID(2) },
	{ MEM_OLD, FFA_VERSION_1_0, 1, true, METHODS_1_1, 0x0E500000, UUID(3) },
	{ MEM_EL0, FFA_VERSION_1_2, 1, false, METHODS_1_2, 0x0E600000, UUID(4) },
	{ MEM_MP2, FFA_VERSION_1_2, 8, true, METHODS_1_2, 0x0E700000, UUID(5) },
};

uint8_t os_pool[OS_PAGES][4096] __attribute__((aligned(4096)));

static uint32_t os_buffers_busy;
static struct ffa_memory_range os_ranges[TEST_RANGES_MAX];

static bool is_partition(uint16_t id)
{
	return (id & FFA_ID_SECURE_BIT) != 0;
}

uint64_t pool_of(uint16_t id)
{
	switch (id) {
	case MEM_MP:
		return POOL_MP;
	case MEM_UP11:
		return POOL_UP11;
	case MEM_OLD:
		return POOL_OLD;
	case MEM_EL0:
		return POOL_EL0;
	case MEM_MP2:
		return POOL_MP2;
	default:
		return OS_POOL(0);
	}
}

/* ---- before and after ------------------------------------------------------------------------------- */

void memory_prepare(void)
{
	fixture_use(memory_subjects, sizeof(memory_subjects) / sizeof(memory_subjects[0]));
	test_boot_anew_after_failure();
	fixture_prepare();
	map(OS, 1);
	FOR_EACH_SUBJECT(subject)
	{
		map(subject->id, 1);
	}
}

/** All of what @id owns can be lent, so it has it alone. */
static void check_owns(uint16_t id, uint64_t base, uint64_t page_count)
{
	struct deal deal = deal_of(LEND, id, base, page_count, id == MEM_MP2 ? MEM_MP : MEM_MP2);

	CHECK_OK(deal_send(&deal));
	CHECK_OK(deal_reclaim(&deal, 0));
}

void memory_clean_up(void)
{
	check_owns(MEM_MP, POOL_MP, 1024);
	check_owns(MEM_MP, OPEN_MP, 16);
	check_owns(MEM_MP, UART_MP, 1);
	check_owns(MEM_MP2, POOL_MP2, 64);
	check_owns(MEM_UP11, POOL_UP11, 64);
	check_owns(MEM_OLD, POOL_OLD, 64);
	check_owns(MEM_EL0, POOL_EL0, 64);
	check_owns(OS, OS_POOL(0), OS_PAGES);
	unmap(OS);
	FOR_EACH_SUBJECT(subject)
	{
		unmap(subject->id);
	}
	CHECK_ALL_ALIVE_BUT(0);
}

/* ---- transactions ----------------------------------------------------------------------------------- */

struct deal deal_of(uint32_t function, uint16_t sender, uint64_t base, uint64_t page_count,
		    uint16_t borrower)
{
	struct deal deal = {
		.function = function,
		.transaction = {
			.sender = sender,
			.tag = 0x7A60000000000000ULL | base >> 4,
			.attributes = function == SHARE ? FFA_MEMORY_NORMAL_WRITE_BACK_INNER : 0,
			.borrower_count = 1,
			.borrowers = { { .id = borrower,
					 .permissions = function == DONATE ? 0 : RW } },
		},
	};

	deal.ranges.base = base;
	deal_spread(&deal, page_count, 0, 1);
	return deal;
}

void deal_add(struct deal *deal, uint16_t borrower, uint8_t permissions)
{
	struct memory_transaction *transaction = &deal->transaction;

	transaction->attributes = FFA_MEMORY_NORMAL_WRITE_BACK_INNER;
	transaction->borrowers[transaction->borrower_count++] = (struct memory_borrower){
		.id = borrower,
		.permissions = permissions,
	};
}

void deal_spread(struct deal *deal, uint64_t page_count, uint64_t stride, uint64_t count)
{
	deal->ranges.page_count = page_count;
	deal->ranges.stride = stride;
	deal->ranges.count = count;
	deal->transaction.page_count = (uint32_t)(page_count * count);
	deal->transaction.range_count = (uint32_t)count;
}

static uint64_t range_address(const struct test_ranges *ranges, uint64_t i)
{
	return ranges->base + i * ranges->stride;
}

/** The normal world's own buffers, for @endpoint, by one PE at a time. */
static struct memory_caller lock_os_buffers(uint16_t endpoint)
{
	while (__atomic_exchange_n(&os_buffers_busy, 1, __ATOMIC_ACQUIRE) != 0) {
		/* another PE makes a call */
	}
	return (struct memory_caller){
		.tx = os_tx,
		.rx = os_rx,
		.size = FFA_PAGE_SIZE,
		.version = version_of(OS),
		.endpoint = endpoint,
	};
}

static void unlock_os_buffers(void)
{
	__atomic_store_n(&os_buffers_busy, 0, __ATOMIC_RELEASE);
}

struct ffa_regs memory_command(uint16_t id, enum test_memory_call call, struct test_memory *memory)
{
	volatile struct test_area *area = area_of(id);
	struct ffa_regs regs = command_call(id, TEST_MEMORY, call, 0, 0, 0);
	uint8_t *bytes = (uint8_t *)memory;

	for (unsigned i = 0; i < sizeof(*memory); i++) {
		area->bulk[i] = bytes[i];
	}
	ffa_call(&regs);
	for (unsigned i = 0; i < sizeof(*memory); i++) {
		bytes[i] = area->bulk[i];
	}
	return regs;
}

/** Lets partition @id, which lives, make @call about @memory, which becomes what came of it. */
static enum ffa_status by_partition(uint16_t id, enum test_memory_call call,
				    struct test_memory *memory)
{
	struct ffa_regs regs = memory_command(id, call, memory);

	if (!is_answer(&regs, id)) {
		test_note("%x answers %lx %lx %lx", id, regs.x[0], regs.x[1], regs.x[2]);
	}
	CHECK(is_answer(&regs, id));
	CHECK_EQ(regs.x[3], TEST_DONE);
	return (enum ffa_status)(int32_t)regs.x[4];
}

struct test_memory memory_of(const struct deal *deal, const struct memory_transaction *transaction,
			     uint32_t flags)
{
	return (struct test_memory){
		.function = deal->function,
		.flags = flags,
		.ranges = deal->ranges,
		.transaction = *transaction,
	};
}

enum ffa_status deal_send(struct deal *deal)
{
	struct test_memory memory;
	struct memory_caller os;
	enum ffa_status status;

	deal->transaction.handle = 0; /* of an earlier send */
	memory = memory_of(deal, &deal->transaction, 0);
	if (is_partition(deal->transaction.sender)) {
		status = by_partition(deal->transaction.sender, TEST_MEMORY_SEND, &memory);
		deal->transaction.handle = memory.transaction.handle;
		return status;
	}
	os = lock_os_buffers(deal->transaction.sender);
	for (uint64_t i = 0; i < deal->ranges.count; i++) {
		os_ranges[i] = (struct ffa_memory_range){
			.address = range_address(&deal->ranges, i),
			.page_count = (uint32_t)deal->ranges.page_count,
		};
	}
	status = memory_send(&os, deal->function, &deal->transaction, os_ranges);
	unlock_os_buffers();
	return status;
}

struct memory_transaction deal_request(const struct deal *deal, uint16_t id)
{
	struct memory_transaction request = deal->transaction;
	bool exclusive = deal->function != SHARE && request.borrower_count == 1;

	request.attributes = 0;
	request.flags = 0;
	for (uint32_t i = 0; i < request.borrower_count; i++) {
		request.borrowers[i].permissions = exclusive ? NX : 0;
		if (!is_partition(id) && request.borrowers[i].id != id) {
			request.borrowers[i].flags = FFA_MEMORY_ACCESS_NOT_RETRIEVING;
		}
	}
	return request;
}

static enum ffa_status retrieve_by_os(const struct deal *deal, uint16_t id,
				      struct memory_transaction *request, uint64_t *mismatches)
{
	struct memory_transaction asked = *request;
	struct memory_caller os = lock_os_buffers(id);
	enum ffa_status status = memory_retrieve(&os, &asked, request, os_ranges, TEST_RANGES_MAX);

	*mismatches = 0;
	for (uint64_t i = 0; status == FFA_OK && i < deal->ranges.count; i++) {
		*mismatches += os_ranges[i].address != range_address(&deal->ranges, i) ||
			       os_ranges[i].page_count != deal->ranges.page_count;
	}
	unlock_os_buffers();
	return status;
}

/** What must be so in every response. */
static void check_response(const struct deal *deal, uint16_t id,
			   const struct memory_transaction *response)
{
	uint32_t version = version_of(id);
	uint32_t kind = deal->function == SHARE ? 1 : deal->function == LEND ? 2 : 3;

	CHECK_EQ(response->sender, deal->transaction.sender);
	CHECK_EQ(response->handle, deal->transaction.handle);
	CHECK_EQ(response->tag, deal->transaction.tag);
	CHECK_EQ(response->flags & FFA_MEMORY_FLAG_KIND_MASK, kind << FFA_MEMORY_FLAG_KIND_SHIFT);
	CHECK_EQ(response->flags & ~FFA_MEMORY_FLAG_KIND_MASK,
		 deal->transaction.flags & FFA_MEMORY_FLAG_ZERO);
	CHECK_EQ(response->access_size, version < FFA_VERSION_1_2 ? 16 : 32);
	CHECK_EQ(response->borrower_count, 1);
	CHECK_EQ(response->borrowers[0].id, id);
	CHECK_EQ(response->borrowers[0].flags, 0);
	CHECK_EQ(response->page_count, deal->transaction.page_count);
	CHECK_EQ(response->range_count, deal->transaction.range_count);
}

enum ffa_status deal_retrieve_as(const struct deal *deal, uint16_t id,
				 struct memory_transaction *request)
{
	struct test_memory memory;
	enum ffa_status status;

	if (is_partition(id)) {
		memory = memory_of(deal, request, 0);
		status = by_partition(id, TEST_MEMORY_RETRIEVE, &memory);
		*request = memory.transaction;
	} else {
		status = retrieve_by_os(deal, id, request, &memory.mismatches);
	}
	if (status == FFA_OK) {
		CHECK_EQ(memory.mismatches, 0);
		check_response(deal, id, request);
	}
	return status;
}

enum ffa_status deal_retrieve(const struct deal *deal, uint16_t id)
{
	struct memory_transaction request = deal_request(deal, id);

	return deal_retrieve_as(deal, id, &request);
}

enum ffa_status deal_relinquish(const struct deal *deal, uint16_t id, uint32_t flags)
{
	struct test_memory memory = memory_of(deal, &deal->transaction, flags);
	struct memory_caller os;
	enum ffa_status status;

	if (is_partition(id)) {
		return by_partition(id, TEST_MEMORY_RELINQUISH, &memory);
	}
	os = lock_os_buffers(id);
	status = memory_relinquish(&os, deal->transaction.handle, flags, id);
	unlock_os_buffers();
	return status;
}

enum ffa_status deal_reclaim(const struct deal *deal, uint32_t flags)
{
	struct test_memory memory = memory_of(deal, &deal->transaction, flags);

	if (is_partition(deal->transaction.sender)) {
		return by_partition(deal->transaction.sender, TEST_MEMORY_RECLAIM, &memory);
	}
	return memory_reclaim(deal->transaction.handle, flags);
}

/* ---- what is there ---------------------------------------------------------------------------------- */

static uint64_t sample_size(const struct test_ranges *ranges)
{
	return ranges->count > 8 ? SAMPLE : ranges->page_count * FFA_PAGE_SIZE;
}

void write_ranges(uint16_t id, const struct test_ranges *ranges, uint64_t seed)
{
	uint64_t size = sample_size(ranges);

	for (uint64_t i = 0; i < ranges->count; i++) {
		uint64_t address = range_address(ranges, i);
		uint64_t own = seed == 0 ? 0 : seed + i;

		if (is_partition(id)) {
			(void)COMMAND(id, TEST_FILL, address, size, own, 0);
			continue;
		}
		for (uint64_t k = 0; k < size; k++) {
			((uint8_t *)(uintptr_t)address)[k] = test_pattern(own, k);
		}
	}
}

static uint64_t different_bytes(const uint8_t *bytes, uint64_t size, uint64_t seed)
{
	uint64_t count = 0;

	for (uint64_t k = 0; k < size; k++) {
		count += bytes[k] != test_pattern(seed, k);
	}
	return count;
}

uint64_t mismatches_in(uint16_t id, const struct test_ranges *ranges, uint64_t seed)
{
	uint64_t size = sample_size(ranges);
	uint64_t count = 0;

	for (uint64_t i = 0; i < ranges->count; i++) {
		uint64_t address = range_address(ranges, i);
		uint64_t own = seed == 0 ? 0 : seed + i;

		count += is_partition(id)
				 ? COMMAND(id, TEST_MATCH, address, size, own, 0).x[4]
				 : different_bytes((const uint8_t *)(uintptr_t)address, size, own);
	}
	return count;
}

static void check_fault(uint16_t id, enum test_access access, uint64_t address)
{
	volatile struct test_area *area = area_of(id);
	struct ffa_regs regs = COMMAND(id, TEST_TOUCH, access, address, TEST_MAP_NOT, 0);

	if (regs.x[4] != 1) {
		test_note("%x: access %u to %lx went through", id, access, address);
	}
	CHECK_EQ(regs.x[4], 1);
	CHECK_EQ(ESR_CLASS(area->fault_esr), ESR_CLASS_DATA_ABORT);
	CHECK_EQ(area->fault_far, address);
}

void check_faults(uint16_t id, uint64_t address)
{
	check_fault(id, TEST_READ, address);
	check_fault(id, TEST_WRITE, address + 8);
}

void check_read_only(uint16_t id, uint64_t address)
{
	CHECK_EQ(COMMAND(id, TEST_TOUCH, TEST_READ, address, TEST_MAP_NOT, 0).x[4], 0);
	check_fault(id, TEST_WRITE, address + 8);
}

void map_page(uint16_t id, uint64_t address, uint32_t map)
{
	/* The page is read once: that may abort. */
	(void)COMMAND(id, TEST_TOUCH, TEST_READ, address, map, 0);
}
