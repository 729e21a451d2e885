/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Isolation: what a partition or the normal world may not touch, how an S-EL1 partition learns of it and
 * steps over. Deaths are in deaths.c.
 */
#include "normal-world/tests/fixture.h"

#define ESR_CLASS(esr) ((esr) >> 26)
#define ESR_CLASS_DATA_ABORT 0x25U /* from the same level */
#define ESR_CLASS_FETCH_ABORT 0x21U
#define ESR_IL (1ULL << 25)
#define ESR_WRITE (1ULL << 6)
#define ESR_STATUS(esr) ((esr) & 0x3F)
#define STATUS_EXTERNAL 0x10U

#define NS REGION_NON_SECURE
#define RW (REGION_READ | REGION_WRITE)
#define RX (REGION_READ | REGION_EXECUTE)

/** External abort, or the stage-2 fault as it was: translation, access flag or permission, any level. */
static bool is_abort_status(uint64_t status)
{
	return status == STATUS_EXTERNAL || (status >= 0x04 && status <= 0x0F);
}

/** The partition's own handler is told of the access, exactly, and steps over it. */
static void check_reflected(uint16_t id, enum test_access access, uint64_t address, uint32_t map)
{
	volatile struct test_area *area = area_of(id);
	uint64_t count = area->fault_count;
	struct ffa_regs regs = COMMAND(id, TEST_TOUCH, access, address, map, 0);
	uint64_t esr = area->fault_esr;

	if (regs.x[4] != 1) {
		test_note("%x: access %u to %lx map %x went through", id, access, address, map);
	}
	CHECK_EQ(regs.x[4], 1);
	CHECK_EQ(area->fault_count, count + 1);
	CHECK_EQ(ESR_CLASS(esr),
		 access == TEST_EXECUTE ? ESR_CLASS_FETCH_ABORT : ESR_CLASS_DATA_ABORT);
	CHECK_EQ(esr & ESR_IL, ESR_IL);
	CHECK_EQ(esr & ESR_WRITE, access == TEST_WRITE ? ESR_WRITE : 0);
	CHECK(is_abort_status(ESR_STATUS(esr)));
	CHECK_EQ(area->fault_far, address);
	CHECK_EQ(area->fault_elr, area->fault_expected_elr);
	/* EL1h as it was. */
	CHECK_EQ(area->fault_spsr & 0xF, 5);
}

static void check_out_of_reach(uint16_t id, uint64_t address, uint32_t map)
{
	check_reflected(id, TEST_READ, address, map | RW);
	check_reflected(id, TEST_WRITE, address + 8, map | RW);
}

static void reach_out(void *argument)
{
	static const uint64_t secure[] = {
		0x0E100000,      0x0E101000,      0x0E110000, 0x0E200000, /* SPMC */
		0x0E000000,      0x0E090000,      0x0E0FF000, /* EL3 */
		0x0E400000,      0x0E600000, /* partitions that did not start */
		0x0EFFF000, /* nobody's */
		0x00000000,      0x04000000, /* flash */
		0x50000000,      0x60000000, /* the normal world, as secure */
		0x2000000000ULL, 0x7FFFFFF000ULL,
	};
	uint16_t id = *(const uint16_t *)argument;

	for (unsigned i = 0; i < sizeof(secure) / sizeof(secure[0]); i++) {
		check_out_of_reach(id, secure[i], 0);
	}
	FOR_EACH_SUBJECT(other)
	{
		if (other->id != id) {
			check_out_of_reach(id, other->load_address + 0x4000, 0);
			check_out_of_reach(id, (uintptr_t)area_of(other->id), NS);
		}
	}
	/* The normal world's memory and devices, as what they are. */
	check_out_of_reach(id, 0x50000000, NS);
	check_out_of_reach(id, (uintptr_t)client_tx, NS);
	check_out_of_reach(id, 0x08000000, NS | TEST_MAP_DEVICE);
	check_out_of_reach(id, 0x09000000, NS | TEST_MAP_DEVICE);
	check_out_of_reach(id, 0x08000000, TEST_MAP_DEVICE);
	check_out_of_reach(id, 0x080A0000, TEST_MAP_DEVICE);
	check_out_of_reach(id, 0x09000000, TEST_MAP_DEVICE);
	/* Secure memory through the other address space. */
	check_out_of_reach(id, 0x0E100000, NS);
	check_out_of_reach(id, 0x0E090000, NS);
}

static void check_s_el1_reach(uint16_t id)
{
	reach_out(&id);
	CHECK_ALIVE(id);
}

TEST(s_el1_partitions_reach_nothing_but_their_own)
{
	check_s_el1_reach(SP_MP1);
	check_s_el1_reach(SP_MP2);
	check_s_el1_reach(SP_UP);
	check_s_el1_reach(SP_UP0);
	CHECK_ALL_ALIVE_BUT(0);
}

TEST_MP(s_el1_contexts_reach_no_more_on_other_pes)
{
	uint16_t id = SP_MP1;

	on_pe(1, reach_out, &id);
	on_pe(pe_count - 1, reach_out, &id);
}

TEST(s_el1_partitions_fetch_no_foreign_code)
{
	check_reflected(SP_MP1, TEST_EXECUTE, 0x0E100000, RX);
	check_reflected(SP_MP1, TEST_EXECUTE, 0x0E504000, RX);
	check_reflected(SP_UP, TEST_EXECUTE, 0x0E304000, RX);
	CHECK_ALIVE(SP_MP1);
	CHECK_ALIVE(SP_UP);
}

TEST(regions_have_the_rights_of_the_manifest)
{
	struct ffa_regs regs = COMMAND(SP_MP1, TEST_TOUCH, TEST_WRITE, 0x0EF00000, RW, 0);

	CHECK_EQ(regs.x[4], 0);
	regs = COMMAND(SP_MP1, TEST_TOUCH, TEST_READ, 0x0EF00000, RW, 0);
	CHECK_EQ(regs.x[4], 0);
	CHECK_EQ(regs.x[5], 0x70C4ED0000000000ULL | SP_MP1);
	regs = COMMAND(SP_MP1, TEST_TOUCH, TEST_READ, 0x0EF03FF8, RW, 0);
	CHECK_EQ(regs.x[4], 0);
	check_out_of_reach(SP_MP1, 0x0EF04000, 0);
	check_out_of_reach(SP_MP1, 0x0EEFF000, 0);

	/* Read-only. */
	regs = COMMAND(SP_MP1, TEST_TOUCH, TEST_READ, 0x0EF08000, RW, 0);
	CHECK_EQ(regs.x[4], 0);
	check_reflected(SP_MP1, TEST_WRITE, 0x0EF08000, RW);
	/* Neither may be executed. */
	check_reflected(SP_MP1, TEST_EXECUTE, 0x0EF00000, RX);
	check_reflected(SP_MP1, TEST_EXECUTE, 0x0EF08000, RX);

	check_out_of_reach(SP_MP2, 0x0EF00000, 0);
	check_out_of_reach(SP_UP, 0x0EF08000, 0);
}

TEST(non_secure_regions_are_reached_as_non_secure_only)
{
	uint64_t address = (uintptr_t)area_of(SP_UP) + 0xFF8; /* its last word is not used */
	volatile uint64_t *word = (volatile uint64_t *)address;
	struct ffa_regs regs;

	*word = 0x1357;
	regs = COMMAND(SP_UP, TEST_TOUCH, TEST_READ, address, TEST_MAP_NOT, 0);
	CHECK_EQ(regs.x[4], 0);
	CHECK_EQ(regs.x[5], 0x1357);
	(void)COMMAND(SP_UP, TEST_TOUCH, TEST_WRITE, address, TEST_MAP_NOT, 0);
	CHECK_EQ(*word, 0x70C4ED0000000000ULL | SP_UP);
	/* One page behind the region. */
	check_out_of_reach(SP_UP, (uintptr_t)area_of(SP_UP) + 0x1000, NS);
}

TEST(a_device_region_is_reached_by_its_partition_only)
{
	struct ffa_regs regs = COMMAND(SP_MP1, TEST_TOUCH, TEST_READ, 0x09040FE0,
				       RW | TEST_MAP_DEVICE, 0);

	CHECK_EQ(regs.x[4], 0);
	CHECK_EQ(regs.x[5] & 0xFF, 0x11); /* PL011, peripheral ID 0 */
	check_out_of_reach(SP_MP1, 0x09041000, TEST_MAP_DEVICE);
	check_out_of_reach(SP_MP2, 0x09040000, TEST_MAP_DEVICE);
	check_out_of_reach(SP_UP, 0x09040000, TEST_MAP_DEVICE);
}

TEST(s_el0_partitions_use_what_is_theirs)
{
	uint64_t address = (uintptr_t)area_of(SP_EL0) + 0xFF8;
	const volatile struct test_boot_state *boot;
	struct ffa_regs regs;
	uint64_t data;

	(void)COMMAND(SP_EL0, TEST_TOUCH, TEST_WRITE, address, TEST_MAP_NOT, 0);
	CHECK_EQ(*(volatile uint64_t *)address, 0x70C4ED0000000000ULL | SP_EL0);
	(void)COMMAND(SP_EL0, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	boot = STATE(test_boot_state, SP_EL0);
	data = boot->data;
	(void)COMMAND(SP_EL0, TEST_TOUCH, TEST_WRITE, data, TEST_MAP_NOT, 0);
	regs = COMMAND(SP_EL0, TEST_TOUCH, TEST_READ, data, TEST_MAP_NOT, 0);
	CHECK_EQ(regs.x[5], 0x70C4ED0000000000ULL | SP_EL0);
}

static void probe_secure_world(void *unused)
{
	static const uint64_t places[] = { 0x0E000000, 0x0E090000, 0x0E100000, 0x0E1FF000,
					   0x0E300000, 0x0E904000, 0x0EFFF000, 0x00000000,
					   0x09040000, 0x090B0000 };

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		uint64_t value;

		CHECK(!exception_try_read(places[i], &value));
		CHECK_EQ(ESR_CLASS(exception_syndrome()), ESR_CLASS_DATA_ABORT);
		CHECK(!exception_try_write(places[i], 0));
	}
}

TEST(the_normal_world_reaches_no_secure_memory_on_any_pe)
{
	on_each_pe(probe_secure_world, NULL);
	CHECK_ALL_ALIVE_BUT(0);
}
