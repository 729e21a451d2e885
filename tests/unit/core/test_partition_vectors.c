/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory for vector registers: contexts of partitions whose manifest asks for SVE, and of nobody else. */
#include "core/partition.h"

#include "arch/host/host.h"
#include "core/spmc.h"
#include "tests/unit/unit.h"

enum { SIZE = 560 };

static _Alignas(64) uint8_t ram[64 * 1024];
static struct spmc spmc;
static struct partition partition;
static struct partition_config config;

/** Creates a partition with two contexts; the machine needs @machine_size bytes for each. */
static const char *create(bool sve, size_t machine_size, size_t ram_size)
{
	host_reset();
	host_sve_size = machine_size;
	memset(&spmc, 0, sizeof(spmc));
	memset(&partition, 0, sizeof(partition));
	arena_add(&spmc.arena, ram, ram_size);
	spmc.partitions = &partition;
	config = (struct partition_config){ .id = 0x8001,
					    .context_count = 2,
					    .exception_level = EXCEPTION_LEVEL_S_EL1,
					    .rx_region = CONFIG_NO_REGION,
					    .tx_region = CONFIG_NO_REGION,
					    .sve = sve };
	return partition_create(&partition, &spmc, &config);
}

TEST(each_context_of_a_partition_with_sve_has_memory_of_its_own)
{
	const uint8_t *first, *second;

	CHECK(create(true, SIZE, sizeof(ram)) == NULL);
	first = partition.contexts[0].arch.machine.scalable;
	second = partition.contexts[1].arch.machine.scalable;
	CHECK(first != NULL && second != NULL);
	CHECK(second >= first + SIZE || first >= second + SIZE);
	CHECK_EQUAL((uintptr_t)first % 16 + (uintptr_t)second % 16, 0);
}

TEST(who_does_not_ask_for_sve_has_none)
{
	CHECK(create(false, SIZE, sizeof(ram)) == NULL);
	CHECK(partition.contexts[0].arch.machine.scalable == NULL);
}

TEST(a_partition_that_asks_starts_without_sve_where_the_machine_has_none)
{
	CHECK(create(true, 0, sizeof(ram)) == NULL);
	CHECK(partition.contexts[0].arch.machine.scalable == NULL);
}

TEST(a_partition_without_memory_for_its_vectors_is_refused)
{
	size_t enough;

	CHECK(create(false, SIZE, sizeof(ram)) == NULL);
	enough = spmc.arena.taken_size;
	CHECK_TEXT(create(true, SIZE, enough + SIZE), "no memory for its vector registers");
}
