/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_PARTITION_INFO_GET and FFA_PARTITION_INFO_GET_REGS (DEN0077A, "Partition discovery"). */
#include "normal-world/tests/fixture.h"

#include "lib/string.h"

#define DESCRIPTORS_MAX 16U
#define UUID_LOW(uuid) ((uint64_t)(uuid).word[1] << 32 | (uuid).word[0])
#define UUID_HIGH(uuid) ((uint64_t)(uuid).word[3] << 32 | (uuid).word[2])

typedef struct ffa_partition_info_v1_1 descriptor;

/** Properties of @subject as @caller (0: the normal world) sees them. */
static uint32_t properties_for(const struct subject *subject, uint16_t caller)
{
	uint32_t properties = subject->methods | FFA_PROPERTY_AARCH64;

	if (caller == 0) {
		properties &= ~(FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_DIRECT_REQ2_SEND);
	}
	return properties;
}

/** The entries are all partitions that started, each once; one that faulted in its start may be there too. */
static void check_all(const descriptor *list, uint64_t count, uint16_t caller, uint32_t mask)
{
	unsigned found = 0;

	for (uint64_t i = 0; i < count; i++) {
		const struct subject *subject;

		if (list[i].id == SP_CRASHED) {
			continue;
		}
		subject = subject_of(list[i].id);
		CHECK_EQ(list[i].context_count, subject->context_count);
		CHECK_EQ(list[i].properties, properties_for(subject, caller) & mask);
		CHECK_EQ(memcmp(&list[i].uuid, &subject->uuid, sizeof(subject->uuid)), 0);
		found |= 1U << (list[i].id & 0xF);
	}
	CHECK_EQ(found, 1U << 1 | 1U << 3 | 1U << 5 | 1U << 6 | 1U << 7 | 1U << 8);
}

TEST(partition_info_lists_every_partition_to_the_normal_world)
{
	struct ffa_regs regs;

	map_buffers();
	memset(client_rx, 0xEE, sizeof(client_rx));

	regs = FFA(FFA_PARTITION_INFO_GET_32);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[1], 0);
	CHECK_EQ(regs.x[3], sizeof(descriptor));
	fixture_check_zero(&regs, 4, __FILE__, __LINE__);
	check_all((const void *)client_rx, regs.x[2], 0, ~0U);
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
}

TEST(partition_info_by_uuid_lists_that_partition_without_the_uuid)
{
	const descriptor *entry = (const void *)client_rx;

	map_buffers();
	FOR_EACH_SUBJECT(subject)
	{
		const uint32_t *uuid = subject->uuid.word;
		struct ffa_regs regs = FFA(FFA_PARTITION_INFO_GET_32, uuid[0], uuid[1], uuid[2],
					   uuid[3]);

		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(regs.x[2], 1);
		CHECK_EQ(regs.x[3], sizeof(descriptor));
		CHECK_EQ(entry->id, subject->id);
		CHECK_EQ(entry->properties, properties_for(subject, 0));
		CHECK_EQ(entry->uuid.word[0] | entry->uuid.word[1] | entry->uuid.word[2] |
				 entry->uuid.word[3],
			 0);
		CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
	}
}

TEST(partition_info_can_count_without_buffers)
{
	struct ffa_regs regs = FFA(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0,
				   FFA_PARTITION_INFO_COUNT_ONLY);
	const uint32_t *uuid = subjects[0].uuid.word;

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK(regs.x[2] == subject_count || regs.x[2] == subject_count + 1);
	fixture_check_zero(&regs, 3, __FILE__, __LINE__);
	regs = FFA(FFA_PARTITION_INFO_GET_32, uuid[0], uuid[1], uuid[2], uuid[3],
		   FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2], 1);
	/* Counting fills no buffer. */
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
}

TEST(partition_info_refuses_what_it_cannot_serve)
{
	const uint32_t *uuid = subjects[0].uuid.word;

	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32, uuid[0], uuid[1], uuid[2], uuid[3] + 1),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, 2), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, 0x80000001), FFA_INVALID_PARAMETERS);
	/* No RX buffer at all. */
	CHECK_ERROR_EITHER(FFA(FFA_PARTITION_INFO_GET_32), FFA_BUSY, FFA_DENIED);

	map_buffers();
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32, 1, 0, 0, 0, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
}

TEST(partition_info_is_busy_until_the_buffer_is_released)
{
	struct ffa_regs regs;

	map_buffers();
	regs = FFA(FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);

	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32), FFA_BUSY);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32), FFA_BUSY);
	regs = FFA(FFA_PARTITION_INFO_GET_32, 0, 0, 0, 0, FFA_PARTITION_INFO_COUNT_ONLY);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
	CHECK_ERROR(FFA(FFA_RX_RELEASE_32), FFA_DENIED);
	regs = FFA(FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
}

/** Lets a partition map its buffers, ask, and copies what it got. */
static struct ffa_regs info_by(uint16_t id, uint8_t *copy, size_t size)
{
	const volatile struct test_boot_state *boot;
	struct ffa_regs regs;
	uint64_t rx, tx;

	(void)COMMAND(id, TEST_STATE, TEST_STATE_BOOT, 0, 0, 0);
	boot = STATE(test_boot_state, id);
	rx = boot->rx;
	tx = boot->tx;
	CHECK_SUCCESS(BY(id, FFA_RXTX_MAP_64, tx, rx, 1));
	regs = BY(id, FFA_PARTITION_INFO_GET_32);
	(void)COMMAND(id, TEST_COPY, rx, size, 0, 0);
	for (size_t i = 0; i < size; i++) {
		copy[i] = area_of(id)->bulk[i];
	}
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_ERROR(BY(id, FFA_PARTITION_INFO_GET_32), FFA_BUSY);
	CHECK_SUCCESS(BY(id, FFA_RX_RELEASE_32));
	CHECK_SUCCESS(BY(id, FFA_RXTX_UNMAP_32));
	return regs;
}

TEST(partition_info_lists_every_partition_to_partitions_of_1_1_and_1_2)
{
	static descriptor list[DESCRIPTORS_MAX];

	FOR_EACH_SUBJECT(subject)
	{
		struct ffa_regs regs;
		uint32_t mask = FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND |
				FFA_PROPERTY_AARCH64;

		if (subject->version < FFA_VERSION_1_1) {
			continue;
		}
		regs = info_by(subject->id, (uint8_t *)list, sizeof(list));
		CHECK_EQ(regs.x[3], sizeof(descriptor));
		check_all(list, regs.x[2], subject->id,
			  subject->version >= FFA_VERSION_1_2 ? ~0U : mask);
	}
}

TEST(partition_info_gives_a_1_0_partition_its_short_descriptors)
{
	static struct ffa_partition_info_v1_0 list[DESCRIPTORS_MAX];
	struct ffa_regs regs = info_by(SP_UP0, (uint8_t *)list, sizeof(list));
	unsigned found = 0;

	CHECK(regs.x[3] == 0 || regs.x[3] == sizeof(list[0]));
	for (uint64_t i = 0; i < regs.x[2]; i++) {
		if (list[i].id == SP_CRASHED) {
			continue;
		}
		CHECK_EQ(list[i].context_count, subject_of(list[i].id)->context_count);
		CHECK_EQ(list[i].properties, subject_of(list[i].id)->methods & 7);
		found++;
	}
	CHECK_EQ(found, subject_count);
}

/** All descriptors by registers; returns their number. */
static uint64_t info_by_registers(uint16_t caller, descriptor *list)
{
	uint64_t next = 0, last = 0, tag = 0;

	do {
		uint64_t request = next | tag << 16;
		struct ffa_regs regs =
			caller == 0 ? FFA(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, request)
				    : BY(caller, FFA_PARTITION_INFO_GET_REGS_64, 0, 0, request);
		uint64_t current = regs.x[2] >> 16 & 0xFFFF;
		unsigned used;

		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
		CHECK_EQ(regs.x[1], 0);
		CHECK_EQ(regs.x[2] >> 48, sizeof(descriptor));
		CHECK(next == 0 || last == (regs.x[2] & 0xFFFF));
		last = regs.x[2] & 0xFFFF;
		tag = regs.x[2] >> 32 & 0xFFFF;
		CHECK(current >= next && current <= last && current - next < 5);
		/* A reply before the last is full. */
		CHECK(current == last || current - next == 4);
		memcpy(&list[next], &regs.x[3], (current - next + 1) * sizeof(descriptor));
		used = 3 + 3 * (unsigned)(current - next + 1);
		for (unsigned i = used; i < 18; i++) {
			CHECK_EQ(regs.x[i], 0);
		}
		next = current + 1;
	} while (next <= last);
	return last + 1;
}

TEST(partition_info_by_registers_pages_through_all_partitions)
{
	static descriptor list[64];

	check_all(list, info_by_registers(0, list), 0, ~0U);
	check_all(list, info_by_registers(SP_MP1, list), SP_MP1, ~0U);
	check_all(list, info_by_registers(SP_UP, list), SP_UP, ~0U);
	check_all(list, info_by_registers(SP_EL0, list), SP_EL0, ~0U);
}

TEST(partition_info_by_registers_and_uuid_finds_that_partition)
{
	FOR_EACH_SUBJECT(subject)
	{
		struct ffa_regs regs = FFA(FFA_PARTITION_INFO_GET_REGS_64, UUID_LOW(subject->uuid),
					   UUID_HIGH(subject->uuid));

		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
		CHECK_EQ(regs.x[2] & 0xFFFFFFFF, 0); /* last and current index */
		CHECK_EQ(regs.x[3] & 0xFFFF, subject->id);
		CHECK_EQ(regs.x[3] >> 32, properties_for(subject, 0));
		CHECK_EQ(regs.x[4] | regs.x[5], 0);
	}
}

TEST(partition_info_by_registers_refuses_bad_pages_and_strangers)
{
	struct ffa_regs regs = FFA(FFA_PARTITION_INFO_GET_REGS_64);
	uint64_t last = regs.x[2] & 0xFFFF;
	uint64_t tag = regs.x[2] >> 32 & 0xFFFF;

	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_REGS_64, 1, 2), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, (last + 1) | tag << 16),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, 0xFFFF | tag << 16),
		    FFA_INVALID_PARAMETERS);
	/* A tag on the first page; the reference's RETRY is as good. */
	CHECK_ERROR_EITHER(FFA(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, 0x00010000),
			   FFA_INVALID_PARAMETERS, FFA_RETRY);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_REGS_64, 0, 0, 1 | ((tag + 1) & 0xFFFF) << 16),
		    FFA_RETRY);
	CHECK_ERROR(BY(SP_MP2, FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(SP_UP0, FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(SP_EL0B, FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(SP_MP1, FFA_PARTITION_INFO_GET_REGS_64, 1, 2), FFA_INVALID_PARAMETERS);
}
