/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sequences of arch/aarch64/tlb.c, instruction by instruction, on registers that are variables. A
 * missing or misplaced one rarely shows on an emulator.
 */
#include "arch/aarch64/tlb.c"

#include "tests/unit/unit.h"

#define RANGE_FEATURE (UINT64_C(2) << 56)
#define VTTBR_MINE UINT64_C(0x0007000080001000)
#define VTTBR_OTHER UINT64_C(0x0003000080002000)
#define ASID_7 (UINT64_C(7) << 48)

static const struct arch_space_root stage2_root = { .vttbr = VTTBR_MINE, .vsttbr = 0x80003000 };
static const struct arch_space_root stage1_root = { .ttbr0 = ASID_7 | 0x80004000 };

/** A machine at rest in EL2: TGE = 0, another partition's VMID loaded. */
static void machine(uint64_t features)
{
	fake_hcr_el2 = 0x80000001;
	fake_vttbr_el2 = VTTBR_OTHER;
	fake_id_aa64isar0_el1 = features;
	record_count = 0;
	arch_errata_tlbi_twice = false;
}

static void expect(const struct record *expected, unsigned count)
{
	for (unsigned i = 0; i < count && i < record_count; i++) {
		CHECK_TEXT(records[i].what, expected[i].what);
		CHECK_EQUAL(records[i].operand, expected[i].operand);
	}
	CHECK_EQUAL(record_count, count);
}

#define EXPECT(...)                                                          \
	do {                                                                 \
		const struct record expected_[] = { __VA_ARGS__ };           \
		expect(expected_, sizeof(expected_) / sizeof(expected_[0])); \
	} while (0)

/** Pages that a range operand covers, as the manual defines it: (NUM + 1) * 2^(5 * SCALE + 1). */
static uint64_t covered(uint64_t operand)
{
	return ((operand >> 39 & 0x1f) + 1) << (5 * (operand >> 44 & 3) + 1);
}

TEST(one_page_of_stage_2_goes_by_ipa_and_then_all_combined_entries_of_the_vmid)
{
	machine(0);
	arch_tlb_invalidate(&stage2_root, ipaddr(0x12345000), 1, WORLD_SECURE);

	EXPECT({ "msr vttbr_el2", VTTBR_MINE }, { "isb", 0 }, { "dsb ishst", 0 },
	       { "tlbi ipas2e1is", 0x12345 }, { "dsb ish", 0 }, { "tlbi vmalle1is", 0 },
	       { "dsb ish", 0 }, { "msr vttbr_el2", VTTBR_OTHER }, { "isb", 0 });
}

TEST(the_vmid_is_not_switched_when_it_is_the_loaded_one)
{
	machine(0);
	fake_vttbr_el2 = VTTBR_MINE;
	arch_tlb_invalidate(&stage2_root, ipaddr(0x12345000), 1, WORLD_SECURE);

	EXPECT({ "isb", 0 }, { "dsb ishst", 0 }, { "tlbi ipas2e1is", 0x12345 }, { "dsb ish", 0 },
	       { "tlbi vmalle1is", 0 }, { "dsb ish", 0 }, { "isb", 0 });
}

TEST(stage_2_is_invalidated_with_tge_clear_whatever_it_was)
{
	machine(0);
	fake_vttbr_el2 = VTTBR_MINE;
	fake_hcr_el2 |= HCR_TGE;
	arch_tlb_invalidate(&stage2_root, ipaddr(0x12345000), 1, WORLD_SECURE);

	EXPECT({ "msr hcr_el2", 0x80000001 }, { "isb", 0 }, { "dsb ishst", 0 },
	       { "tlbi ipas2e1is", 0x12345 }, { "dsb ish", 0 }, { "tlbi vmalle1is", 0 },
	       { "dsb ish", 0 }, { "msr hcr_el2", 0x80000001 | HCR_TGE }, { "isb", 0 });
}

TEST(the_non_secure_ipa_space_is_named_by_bit_63)
{
	machine(RANGE_FEATURE);
	arch_tlb_invalidate(&stage2_root, ipaddr(0x12345000), 1, WORLD_NON_SECURE);
	CHECK_EQUAL(records[3].operand, UINT64_C(1) << 63 | 0x12345);

	machine(RANGE_FEATURE);
	arch_tlb_invalidate(&stage2_root, ipaddr(0x12345000), 2, WORLD_NON_SECURE);
	CHECK_EQUAL(records[3].operand >> 63, 1);
}

TEST(a_few_pages_go_one_by_one_without_range_operations)
{
	machine(0);
	fake_vttbr_el2 = VTTBR_MINE;
	arch_tlb_invalidate(&stage2_root, ipaddr(0x1000), 3, WORLD_SECURE);

	EXPECT({ "isb", 0 }, { "dsb ishst", 0 }, { "tlbi ipas2e1is", 1 }, { "tlbi ipas2e1is", 2 },
	       { "tlbi ipas2e1is", 3 }, { "dsb ish", 0 }, { "tlbi vmalle1is", 0 }, { "dsb ish", 0 },
	       { "isb", 0 });
}

TEST(many_pages_without_range_operations_take_the_whole_vmid)
{
	machine(0);
	fake_vttbr_el2 = VTTBR_MINE;
	arch_tlb_invalidate(&stage2_root, ipaddr(0x1000), PAGE_LOOP_MAX + 1, WORLD_SECURE);

	EXPECT({ "isb", 0 }, { "dsb ishst", 0 }, { "tlbi vmalls12e1is", 0 }, { "dsb ish", 0 },
	       { "isb", 0 });
}

TEST(a_range_of_stage_2_takes_one_operation)
{
	machine(RANGE_FEATURE);
	fake_vttbr_el2 = VTTBR_MINE;
	arch_tlb_invalidate(&stage2_root, ipaddr(0x40000000), 512, WORLD_SECURE);

	/* 4 KiB granule, SCALE 1: units of 64 pages, NUM 7; page 0x40000. */
	EXPECT({ "isb", 0 }, { "dsb ishst", 0 },
	       { "tlbi ripas2e1is",
		 UINT64_C(1) << 46 | UINT64_C(1) << 44 | UINT64_C(7) << 39 | 0x40000 },
	       { "dsb ish", 0 }, { "tlbi vmalle1is", 0 }, { "dsb ish", 0 }, { "isb", 0 });
}

TEST(every_size_up_to_8_gib_is_covered_by_a_range_operand)
{
	for (uint64_t count = 1; count <= UINT64_C(1) << 21; count += 1 + count / 7) {
		uint64_t operand = range_operand(UINT64_C(0xffffffff000), count);

		CHECK(fits_range_operation(count));
		CHECK(covered(operand) >= count);
		CHECK(covered(operand) <= 2 * count); /* never much more than was asked for */
		CHECK_EQUAL(operand & RANGE_PAGE_MASK, UINT64_C(0xffffffff));
		CHECK_EQUAL(operand >> 46, 1);
	}
	CHECK_EQUAL(covered(range_operand(0, UINT64_C(1) << 21)), UINT64_C(1) << 21);
	CHECK(!fits_range_operation((UINT64_C(1) << 21) + 1));
}

TEST(more_than_8_gib_of_stage_2_take_the_whole_vmid)
{
	machine(RANGE_FEATURE);
	fake_vttbr_el2 = VTTBR_MINE;
	arch_tlb_invalidate(&stage2_root, ipaddr(0), (UINT64_C(1) << 21) + 1, WORLD_SECURE);

	CHECK_TEXT(records[2].what, "tlbi vmalls12e1is");
}

TEST(a_page_of_stage_1_goes_by_asid_and_address)
{
	machine(RANGE_FEATURE);
	arch_tlb_invalidate(&stage1_root, ipaddr(0x12345000), 1, WORLD_SECURE);

	EXPECT({ "dsb ishst", 0 }, { "tlbi vae2is", ASID_7 | 0x12345 }, { "dsb ish", 0 });
}

TEST(a_range_of_stage_1_takes_one_operation)
{
	machine(RANGE_FEATURE);
	arch_tlb_invalidate(&stage1_root, ipaddr(0x12345000), 4, WORLD_NON_SECURE);

	EXPECT({ "dsb ishst", 0 },
	       { "tlbi rvae2is", ASID_7 | UINT64_C(1) << 46 | UINT64_C(1) << 39 | 0x12345 },
	       { "dsb ish", 0 });
}

TEST(many_pages_of_stage_1_without_range_operations_take_the_whole_regime)
{
	machine(0);
	arch_tlb_invalidate(&stage1_root, ipaddr(0), PAGE_LOOP_MAX + 1, WORLD_SECURE);

	EXPECT({ "dsb ishst", 0 }, { "tlbi alle2is", 0 }, { "dsb ish", 0 });
}

TEST(the_erratum_makes_all_maintenance_happen_twice)
{
	machine(0);
	fake_vttbr_el2 = VTTBR_MINE;
	arch_errata_tlbi_twice = true;
	arch_tlb_invalidate(&stage2_root, ipaddr(0x1000), 1, WORLD_SECURE);

	EXPECT({ "isb", 0 }, { "dsb ishst", 0 }, { "tlbi ipas2e1is", 1 }, { "dsb ish", 0 },
	       { "tlbi vmalle1is", 0 }, { "dsb ish", 0 }, { "tlbi ipas2e1is", 1 }, { "dsb ish", 0 },
	       { "tlbi vmalle1is", 0 }, { "dsb ish", 0 }, { "isb", 0 });

	machine(0);
	arch_errata_tlbi_twice = true;
	arch_tlb_invalidate(&stage1_root, ipaddr(0x1000), 1, WORLD_SECURE);
	EXPECT({ "dsb ishst", 0 }, { "tlbi vae2is", ASID_7 | 1 }, { "dsb ish", 0 },
	       { "tlbi vae2is", ASID_7 | 1 }, { "dsb ish", 0 });
}

TEST(an_entry_is_written_alone_and_published_with_one_barrier)
{
	uint64_t entries[3] = { 1, 2, 3 };

	machine(0);
	arch_pte_write(&entries[1], 0x1234);
	CHECK_EQUAL(entries[0], 1);
	CHECK_EQUAL(entries[1], 0x1234);
	CHECK_EQUAL(entries[2], 3);
	CHECK_EQUAL(record_count, 0);
	arch_pte_publish();
	EXPECT({ "dsb ishst", 0 });
}
