/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of systems/memory.toml share: its partitions, transactions by whoever may make them, what
 * endpoints find at addresses. A test leaves all memory with its owner.
 */
#ifndef NORMAL_WORLD_TESTS_MEMORY_H
#define NORMAL_WORLD_TESTS_MEMORY_H

#include "normal-world/tests/messages.h"
#include "sdk/memory.h"

/* Partitions of systems/memory.toml by their position. */
enum {
	MEM_MP = 0x8001, /* S-EL1, 1.2, a context for each PE */
	MEM_UP11 = 0x8002, /* S-EL1, 1.1, one context */
	MEM_OLD = 0x8003, /* S-EL1, 1.0, one context */
	MEM_EL0 = 0x8004, /* S-EL0, 1.2 */
	MEM_MP2 = 0x8005, /* S-EL1, 1.2, a context for each PE */
};

/* Their memory, as the manifests say. */
#define POOL_MP 0x0E900000U /* 1024 pages */
#define POOL_MP2 0x0ED00000U /* 64 pages, as all others */
#define POOL_UP11 0x0ED40000U
#define POOL_OLD 0x0ED80000U
#define POOL_EL0 0x0EDC0000U
#define CONSTANT_MP 0x0EE00000U /* a page it can only read */
#define CODE_MP 0x0EE01000U /* a page of zeros it can execute */
#define OPEN_MP 0x4E100000U /* 16 non-secure pages */
#define OPEN_UP11 0x4E110000U
#define UART_MP 0x09040000U

/* The normal world's: pages to give away. */
#define OS_PAGES 1024U
extern uint8_t os_pool[OS_PAGES][4096];
#define OS_POOL(page) ((uint64_t)(uintptr_t)os_pool[page])

#define SHARE ((uint32_t)FFA_MEM_SHARE_32)
#define LEND ((uint32_t)FFA_MEM_LEND_32)
#define DONATE ((uint32_t)FFA_MEM_DONATE_32)

#define RO FFA_MEMORY_DATA_RO
#define RW FFA_MEMORY_DATA_RW
#define NX FFA_MEMORY_INSTRUCTION_NX
#define X FFA_MEMORY_INSTRUCTION_X

/** A test that shares the boot of this system. */
#define MEMORY_TEST_OF(kind, name)     \
	static void name##_body(void); \
	kind(memory, name)             \
	{                              \
		memory_prepare();      \
		name##_body();         \
		memory_clean_up();     \
	}                              \
	static void name##_body(void)
#define MEMORY_TEST(name) MEMORY_TEST_OF(TEST_SHARED_IN, name)
/** One that takes long, in a boot of its own. */
#define MEMORY_TEST_ALONE_MP(name) MEMORY_TEST_OF(TEST_IN_MP, name)

/** Maps everybody's buffers. */
void memory_prepare(void);
/** Unmaps them; all pages are their owners' again, or the test fails. */
void memory_clean_up(void);

/** First page of what @id has to give away: secure memory of partitions, else the normal world's. */
uint64_t pool_of(uint16_t id);

/* ---- transactions ----------------------------------------------------------------------------------- */

/** A transaction: what is sent by whom, then its handle. */
struct deal {
	uint32_t function; /* SHARE, LEND, DONATE */
	struct test_ranges ranges;
	struct memory_transaction transaction;
};

/** One range of @page_count pages, for one borrower; attributes and permissions as usual, RW. */
struct deal deal_of(uint32_t function, uint16_t sender, uint64_t base, uint64_t page_count,
		    uint16_t borrower);
/** One more borrower with @permissions; the attributes become those of several. */
void deal_add(struct deal *deal, uint16_t borrower, uint8_t permissions);
/** @count ranges of @page_count pages, @stride bytes from one to the next. */
void deal_spread(struct deal *deal, uint64_t page_count, uint64_t stride, uint64_t count);

/** By the sender; the deal gets its handle. */
enum ffa_status deal_send(struct deal *deal);
/** A request of @id that asks for nothing in particular. */
struct memory_transaction deal_request(const struct deal *deal, uint16_t id);
/** By @id: a partition, a VM, the OS. @request becomes the response; the ranges are compared with the deal's. */
enum ffa_status deal_retrieve_as(const struct deal *deal, uint16_t id,
				 struct memory_transaction *request);
enum ffa_status deal_retrieve(const struct deal *deal, uint16_t id);
enum ffa_status deal_relinquish(const struct deal *deal, uint16_t id, uint32_t flags);
enum ffa_status deal_reclaim(const struct deal *deal, uint32_t flags);

/** What partition @id is told to do about @deal, and the command alone: the partition may die meanwhile. */
struct test_memory memory_of(const struct deal *deal, const struct memory_transaction *transaction,
			     uint32_t flags);
struct ffa_regs memory_command(uint16_t id, enum test_memory_call call, struct test_memory *memory);

#define CHECK_STATUS(call, status) CHECK_EQ((uint32_t)(call), (uint32_t)(status))
#define CHECK_OK(call) CHECK_STATUS(call, FFA_OK)

/* ---- what is there ---------------------------------------------------------------------------------- */

/** Each range holds a pattern made of @seed, 0: zeros, as endpoint @id sees it. */
void write_ranges(uint16_t id, const struct test_ranges *ranges, uint64_t seed);
uint64_t mismatches_in(uint16_t id, const struct test_ranges *ranges, uint64_t seed);
#define CHECK_HOLDS(id, deal, seed) CHECK_EQ(mismatches_in(id, &(deal)->ranges, seed), 0)

/** Partition @id, its stage 1 as it was, gets an abort reflected for each kind of access. */
void check_faults(uint16_t id, uint64_t address);
/** The same for writes alone: it may read. */
void check_read_only(uint16_t id, uint64_t address);
/** Lets partition @id map the page as @map says (REGION_*). */
void map_page(uint16_t id, uint64_t address, uint32_t map);

#endif
