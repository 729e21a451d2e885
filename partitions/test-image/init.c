/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls that only mean something while the partition starts. The results are kept; the client compares
 * them with what the FF-A specification wants (normal-world/tests/init.c).
 */
#include "partitions/test-image/image.h"
#include "sdk/arch.h"
#include "sdk/ffa.h"

#define FIRST_PARTITION 0x8001U
#define LAST_PARTITION 0x8008U
#define UNMAPPED 0x00001000U

extern char __image_start[], _start[];

static struct test_init_state state;

const struct test_init_state *init_state(void)
{
	return &state;
}

static uint64_t started_at;

uint64_t init_started_at(void)
{
	return started_at;
}

static void make(enum test_init_call which, struct ffa_regs regs)
{
	struct test_init_result *result = &state.result[which];

	ffa_call(&regs);
	result->made = 1;
	for (unsigned i = 0; i < 4; i++) {
		result->x[i] = regs.x[i];
	}
	result->x[4] = regs.x[4] | regs.x[5] | regs.x[6] | regs.x[7];
}

#define MAKE(which, ...) make(which, (struct ffa_regs){ { (uint32_t)__VA_ARGS__ } })

void partition_negotiate(void)
{
	uint32_t own = partition.version;

	started_at = machine_counter();
	if (machine_is_el1()) {
		MAKE(INIT_VERSION_BIT31, FFA_VERSION_32, own | FFA_VERSION_INVALID_BIT);
		MAKE(INIT_VERSION_MAJOR_2, FFA_VERSION_32, FFA_VERSION_OF(2, 0));
		MAKE(INIT_VERSION_MAJOR_0, FFA_VERSION_32, FFA_VERSION_OF(0, 9));
		MAKE(INIT_VERSION_MINOR_HIGH, FFA_VERSION_32, FFA_VERSION_OF(1, 0x7FF));
		MAKE(INIT_VERSION_1_0, FFA_VERSION_32, FFA_VERSION_1_0);
		MAKE(INIT_VERSION_1_1, FFA_VERSION_32, FFA_VERSION_1_1);
		MAKE(INIT_VERSION_OWN, FFA_VERSION_32, own);
	}
}

static void version_after_lock(void)
{
	uint32_t own = partition.version;

	MAKE(INIT_VERSION_OWN_AGAIN, FFA_VERSION_32, own);
	MAKE(INIT_VERSION_CHANGED, FFA_VERSION_32,
	     own == FFA_VERSION_1_0 ? FFA_VERSION_1_1 : own - 1);
	MAKE(INIT_VERSION_LOCKED_BIT31, FFA_VERSION_32, own | FFA_VERSION_INVALID_BIT);
}

static void cycles(void)
{
	uint64_t to_normal_world = FFA_ENDPOINTS(partition.id, FFA_ID_NORMAL_WORLD);

	MAKE(INIT_MSG_WAIT_BAD, FFA_MSG_WAIT_32, 1);
	MAKE(INIT_YIELD, FFA_YIELD_32);
	MAKE(INIT_RUN, FFA_RUN_32,
	     FFA_TARGET(partition.id == FIRST_PARTITION ? LAST_PARTITION : FIRST_PARTITION, 0));
	MAKE(INIT_RESP, FFA_MSG_SEND_DIRECT_RESP_32, to_normal_world);
	if (partition.version >= FFA_VERSION_1_2) {
		MAKE(INIT_RESP2, FFA_MSG_SEND_DIRECT_RESP2_64, to_normal_world);
	}
	MAKE(INIT_INTERRUPT, FFA_INTERRUPT_32);
	MAKE(INIT_REQ_SELF, FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(partition.id, partition.id));
	if (partition.id != FIRST_PARTITION) {
		MAKE(INIT_REQ_EARLIER, FFA_MSG_SEND_DIRECT_REQ_64,
		     FFA_ENDPOINTS(partition.id, FIRST_PARTITION), 0, TEST_ECHO, 0x1234);
	}
	if (partition.id != LAST_PARTITION) {
		MAKE(INIT_REQ_LATER, FFA_MSG_SEND_DIRECT_REQ_64,
		     FFA_ENDPOINTS(partition.id, LAST_PARTITION), 0, TEST_ECHO, 0x1234);
	}
	if (machine_is_el1()) {
		MAKE(INIT_SECONDARY_EP_OUTSIDE, FFA_SECONDARY_EP_REGISTER_64, 0x40000000);
		MAKE(INIT_SECONDARY_EP, FFA_SECONDARY_EP_REGISTER_64, (uintptr_t)_start);
	}
}

static void permissions(void)
{
	uint64_t text = (uintptr_t)__image_start;
	uint64_t page = (uintptr_t)image_data_page;
	uint64_t rw = FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX;
	uint64_t ro = FFA_MEM_PERM_DATA_RO | FFA_MEM_PERM_NX;

	MAKE(INIT_PERM_GET_TEXT, FFA_MEM_PERM_GET_32, text);
	MAKE(INIT_PERM_GET_DATA, FFA_MEM_PERM_GET_64, page);
	MAKE(INIT_PERM_GET_UNALIGNED, FFA_MEM_PERM_GET_64, page + 8);
	MAKE(INIT_PERM_GET_UNMAPPED, FFA_MEM_PERM_GET_64, UNMAPPED);
	MAKE(INIT_PERM_SET_RW_X, FFA_MEM_PERM_SET_64, page, 1, FFA_MEM_PERM_DATA_RW);
	MAKE(INIT_PERM_SET_NONE, FFA_MEM_PERM_SET_64, page, 1,
	     FFA_MEM_PERM_DATA_NONE | FFA_MEM_PERM_NX);
	MAKE(INIT_PERM_SET_RESERVED, FFA_MEM_PERM_SET_64, page, 1,
	     FFA_MEM_PERM_DATA_RESERVED | FFA_MEM_PERM_NX);
	MAKE(INIT_PERM_SET_HIGH_BITS, FFA_MEM_PERM_SET_64, page, 1, ro | 0x8);
	MAKE(INIT_PERM_SET_NO_PAGES, FFA_MEM_PERM_SET_64, page, 0, ro);
	MAKE(INIT_PERM_SET_UNALIGNED, FFA_MEM_PERM_SET_64, page + 8, 1, ro);
	MAKE(INIT_PERM_SET_OVERFLOW, FFA_MEM_PERM_SET_64, page, 0xFFFFFFFF, ro);
	MAKE(INIT_PERM_SET_UNMAPPED, FFA_MEM_PERM_SET_64, UNMAPPED, 1, ro);
	MAKE(INIT_PERM_SET_RO, FFA_MEM_PERM_SET_64, page, 1, ro);
	MAKE(INIT_PERM_GET_RO, FFA_MEM_PERM_GET_64, page);
	MAKE(INIT_PERM_SET_RW, FFA_MEM_PERM_SET_32, page, 1, rw);
	MAKE(INIT_PERM_GET_RW, FFA_MEM_PERM_GET_64, page);
}

void init_calls(void)
{
	version_after_lock();
	cycles();
	permissions();
}
