/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_RXTX_MAP, FFA_RXTX_UNMAP, FFA_RX_RELEASE of the normal world and of partitions. */
#include "normal-world/tests/fixture.h"

#define TX ((uintptr_t)client_tx)
#define RX ((uintptr_t)client_rx)
#define SPARE ((uintptr_t)client_spare)
#define SPMC_MEMORY 0x0E100000U
#define EL3_MEMORY 0x0E090000U
#define NO_MEMORY_THERE 0x2000000000ULL

TEST(buffers_map_once_and_unmap_once)
{
	CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, TX, RX, 1));
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, TX, RX, 1), FFA_DENIED);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, SPARE, SPARE + 4096, 1), FFA_DENIED);
	CHECK_SUCCESS(FFA(FFA_RXTX_UNMAP_32));
	CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, SPARE, SPARE + 4096, 1));
	CHECK_SUCCESS(FFA(FFA_RXTX_UNMAP_32));
}

TEST(buffers_of_wrong_shape_are_refused)
{
	struct ffa_regs regs = FFA(FFA_FEATURES_32, (uint32_t)FFA_RXTX_MAP_64);
	uint64_t most = regs.x[2] >> 16;

	CHECK_ERROR(FFA(FFA_FID32(0x66), TX, RX, 1), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, TX, RX, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, TX, RX, most + 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, TX, RX, 0x3F + 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, TX + 8, RX, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, TX, RX + 0x800, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RXTX_MAP_64, TX, TX, 1), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, TX, RX, 1));
}

TEST(buffers_outside_normal_world_memory_are_refused)
{
	static const uint64_t places[] = { SPMC_MEMORY,     EL3_MEMORY,           0x0E300000,
					   0x0E000000,      0x09000000,           0x08000000,
					   NO_MEMORY_THERE, 0xFFFFFFFFFFFFF000ULL };

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		CHECK_ERROR_EITHER(FFA(FFA_RXTX_MAP_64, places[i], RX, 1), FFA_DENIED,
				   FFA_INVALID_PARAMETERS);
		CHECK_ERROR_EITHER(FFA(FFA_RXTX_MAP_64, TX, places[i], 1), FFA_DENIED,
				   FFA_INVALID_PARAMETERS);
	}
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, TX, RX, 1));
}

TEST(only_a_full_buffer_can_be_released)
{
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, TX, RX, 1));
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32, 0x1234), FFA_INVALID_PARAMETERS);
}

TEST(unmapping_names_nobody_else)
{
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, TX, RX, 1));
	CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32, 0x12340000), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RXTX_UNMAP_32, (uint32_t)SP_MP1 << 16), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(FFA(FFA_RXTX_UNMAP_32));
}

TEST(a_full_buffer_may_be_unmapped)
{
	struct ffa_regs regs;

	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, TX, RX, 1));
	regs = FFA(FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_SUCCESS(FFA(FFA_RXTX_UNMAP_32));
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, TX, RX, 1));
	/* The new buffer is empty. */
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
}

/** Every error of FFA_RXTX_MAP that partition @id can provoke, and that nothing sticks. */
static void check_partition(uint16_t id)
{
	const volatile struct test_boot_state *boot;
	uint64_t tx, rx, data, image;
	uint64_t other = id == SP_UP ? 0x0E300000 : 0x0E700000;

	(void)COMMAND(id, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	boot = STATE(test_boot_state, id);
	tx = boot->tx;
	rx = boot->rx;
	data = boot->data;
	image = boot->image_base;

	CHECK_ERROR(BY(id, FFA_RXTX_UNMAP_32), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_ERROR(BY(id, FFA_FID32(0x66), tx, rx, 1), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, rx, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, rx, 0x40), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx + 4, rx, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, rx + 0x10, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, tx, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, other, rx, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, other, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, SPMC_MEMORY, rx, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, TX, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, NO_MEMORY_THERE, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, 0xFFFFFFFFFFFFF000ULL, rx, 1), FFA_INVALID_PARAMETERS);
	if (!subject_of(id)->el1) {
		/* Text is not writable: no producer can fill it. */
		CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, image, rx, 1), FFA_INVALID_PARAMETERS);
	}
	CHECK_SUCCESS(BY(id, FFA_RXTX_MAP_64, tx, rx, 1));
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, tx, rx, 1), FFA_DENIED);
	CHECK_ERROR(BY(id, FFA_RXTX_MAP_64, data, rx, 1), FFA_DENIED);
	CHECK_ERROR(BY(id, FFA_RX_RELEASE_32), FFA_DENIED);
	CHECK_ERROR(BY(id, FFA_RX_RELEASE_32, 1), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(id, FFA_RXTX_UNMAP_32, 0x00010000), FFA_INVALID_PARAMETERS);
	CHECK_SUCCESS(BY(id, FFA_RXTX_UNMAP_32));
	CHECK_ERROR(BY(id, FFA_RXTX_UNMAP_32), FFA_INVALID_PARAMETERS);
	/* The pages are the partition's own again. */
	CHECK_SUCCESS(BY(id, FFA_RXTX_MAP_64, rx, tx, 1));
	CHECK_SUCCESS(BY(id, FFA_RXTX_UNMAP_32));
}

TEST(s_el1_partitions_map_their_own_pages_only)
{
	check_partition(SP_MP1);
	check_partition(SP_MP2);
	check_partition(SP_UP);
	check_partition(SP_UP0);
}

TEST(s_el0_partitions_map_their_own_pages_only)
{
	check_partition(SP_EL0);
	check_partition(SP_EL0B);
}
