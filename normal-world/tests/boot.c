/* SPDX-License-Identifier: BSD-3-Clause */
/* State in which partitions are entered: registers, boot information, order (DEN0077A, boot protocol). */
#include "normal-world/tests/fixture.h"

#define CURRENT_EL1 4U
#define SCTLR_M_C_I 0x1005U
#define DAIF_ALL 0x3C0U
#define FDT_MAGIC 0xD00DFEEDU
#define HEADER_SIZE 32U
#define MEMORY_SIZE 0x100000U

static const volatile struct partition_entry *entry_of(uint16_t id)
{
	(void)COMMAND(id, TEST_STATE, TEST_STATE_ENTRY, 0, 0, 0);
	return STATE(partition_entry, id);
}

static const volatile struct test_boot_state *boot_of(uint16_t id)
{
	(void)COMMAND(id, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	return STATE(test_boot_state, id);
}

static void check_registers(const volatile struct partition_entry *entry, unsigned from,
			    unsigned index)
{
	for (unsigned i = from; i < 31; i++) {
		CHECK_EQ(entry->x[i], i == 4 ? index : 0);
	}
}

TEST(first_contexts_start_with_boot_information_and_index_only)
{
	FOR_EACH_SUBJECT(subject)
	{
		const volatile struct partition_entry *entry = entry_of(subject->id);

		/* The manifests name x0. */
		CHECK_EQ(entry->x[0] & ~0xFFFULL, entry->x[0]);
		CHECK(entry->x[0] >= subject->load_address);
		CHECK(entry->x[0] < subject->load_address + MEMORY_SIZE);
		check_registers(entry, 1, 0);
	}
}

static void check_secondary(void *argument)
{
	uint16_t id = *(const uint16_t *)argument;
	const volatile struct partition_entry *entry = entry_of(id);

	if (pe_index() == 0) {
		return;
	}
	CHECK_EQ(entry->x[0], 0);
	check_registers(entry, 1, pe_index());
	CHECK_EQ(entry->current_el, CURRENT_EL1);
	CHECK_EQ(entry->sctlr & SCTLR_M_C_I, 0);
	CHECK_EQ(entry->daif, DAIF_ALL);
	CHECK_EQ(entry->stack_select, 1);
	CHECK_EQ(entry->mpidr & 0xFF, pe_index());
}

TEST_MP(other_contexts_start_with_their_index_only)
{
	uint16_t ids[] = { SP_MP1, SP_MP2 };

	on_each_pe(check_secondary, &ids[0]);
	on_each_pe(check_secondary, &ids[1]);
}

TEST(s_el1_partitions_start_at_el1_with_everything_off)
{
	FOR_EACH_SUBJECT(subject)
	{
		const volatile struct partition_entry *entry = entry_of(subject->id);

		if (!subject->el1) {
			continue;
		}
		CHECK_EQ(entry->current_el, CURRENT_EL1);
		CHECK_EQ(entry->sctlr & SCTLR_M_C_I, 0);
		CHECK_EQ(entry->daif, DAIF_ALL);
		CHECK_EQ(entry->stack_select, 1);
		CHECK_EQ(entry->mpidr & 0xFF, 0);
	}
}

TEST(memory_behind_an_image_is_clear_and_each_context_starts_once)
{
	FOR_EACH_SUBJECT(subject)
	{
		/* The counter lies in memory that nothing but the SPMC clears. */
		CHECK_EQ(entry_of(subject->id)->seen, 1);
	}
}

TEST(s_el0_images_arrive_readable_and_executable)
{
	CHECK_EQ(entry_of(SP_EL0)->permissions, FFA_MEM_PERM_DATA_RO);
	CHECK_EQ(entry_of(SP_EL0B)->permissions, FFA_MEM_PERM_DATA_RO);
}

static void check_boot_info(const struct subject *subject)
{
	const volatile struct test_boot_state *boot = boot_of(subject->id);
	uint64_t end = subject->load_address + MEMORY_SIZE;

	CHECK_EQ(boot->form, subject->version);
	CHECK_EQ(boot->address, entry_of(subject->id)->x[0]);
	boot = boot_of(subject->id);
	CHECK_EQ(boot->count, 1);
	CHECK(boot->manifest >= subject->load_address);
	CHECK(boot->manifest + boot->manifest_size <= end);
	CHECK_EQ(boot->manifest_magic, FDT_MAGIC);
	CHECK_EQ(boot->manifest_size, boot->manifest_total_size);
	/* signature | version, blob size | descriptor size 32, count | offset 32, reserved */
	CHECK_EQ(boot->header[0], 0xFFAULL | (uint64_t)subject->version << 32);
	CHECK_EQ(boot->header[1] >> 32, 32);
	CHECK_EQ(boot->header[2], 1ULL | (uint64_t)HEADER_SIZE << 32);
	CHECK_EQ(boot->header[3], 0);
	/* The blob holds header, descriptor and what it points to. */
	CHECK(boot->blob_size >= HEADER_SIZE + 32 + boot->manifest_size);
	CHECK(boot->manifest + boot->manifest_size <= boot->address + boot->blob_size);
}

TEST(boot_information_describes_the_partitions_own_manifest)
{
	FOR_EACH_SUBJECT(subject)
	{
		/* FF-A 1.0 knows another form only for S-EL0; ours is read in either. */
		if (subject->version >= FFA_VERSION_1_1) {
			check_boot_info(subject);
		} else {
			CHECK_EQ(boot_of(subject->id)->manifest_magic, FDT_MAGIC);
		}
	}
}

TEST(images_run_where_the_system_loaded_them)
{
	FOR_EACH_SUBJECT(subject)
	{
		CHECK_EQ(boot_of(subject->id)->image_base, subject->load_address + 0x4000);
	}
}

TEST(partitions_start_in_the_order_of_their_manifests)
{
	uint64_t previous = 0;

	FOR_EACH_SUBJECT(subject)
	{
		if (subject->el1) {
			uint64_t started = boot_of(subject->id)->started_at;

			CHECK(started > previous);
			previous = started;
		}
	}
}

TEST(a_partition_knows_itself)
{
	FOR_EACH_SUBJECT(subject)
	{
		struct ffa_regs regs = COMMAND(subject->id, TEST_WHO, 0, 0, 0, 0);

		CHECK_EQ(regs.x[4] & 0xFFFF, subject->id);
		CHECK_EQ(regs.x[6], subject->el1 ? 1 : 0);
		CHECK_EQ(regs.x[7], subject->version);
	}
}
