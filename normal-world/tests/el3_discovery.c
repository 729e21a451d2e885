/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * systems/el3.toml: FFA_PARTITION_INFO_GET_REGS and a logical partition in EL3. Partitions discover it, the
 * normal world does not; it asks the SPMC itself as the normal world would.
 */
#include "normal-world/tests/el3.h"

#include "lib/string.h"

typedef struct ffa_partition_info_v1_1 descriptor;

static const struct ffa_uuid nil, lp_uuid = { EL3_PARTITION_UUID };

/** FFA_PARTITION_INFO_GET_REGS of the normal world (@caller 0), of the logical partition, of a partition. */
static struct ffa_regs ask(uint16_t caller, const struct ffa_uuid *uuid, uint64_t first)
{
	uint64_t low = (uint64_t)uuid->word[1] << 32 | uuid->word[0];
	uint64_t high = (uint64_t)uuid->word[3] << 32 | uuid->word[2];

	if (caller == LP) {
		struct ffa_regs regs = { { EL3_PARTITION_INFO, low, high, first } };

		ffa_call(&regs);
		return regs;
	}
	return caller == 0 ? FFA(FFA_PARTITION_INFO_GET_REGS_64, low, high, first)
			   : BY(caller, FFA_PARTITION_INFO_GET_REGS_64, low, high, first);
}

/** Appends what one answer holds; returns the last index there is. */
static uint64_t append(const struct ffa_regs *regs, descriptor *list, uint64_t first)
{
	uint64_t last = regs->x[2] & 0xFFFF;
	uint64_t current = regs->x[2] >> 16 & 0xFFFF;

	CHECK_EQ(regs->x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_EQ(regs->x[1], 0);
	CHECK_EQ(regs->x[2] >> 48, sizeof(descriptor));
	/* An answer before the last is full. */
	CHECK_EQ(current, last < first + 4 ? last : first + 4);
	memcpy(&list[first], &regs->x[3], (current - first + 1) * sizeof(descriptor));
	for (uint64_t i = 3 + 3 * (current - first + 1); i < 18; i++) {
		CHECK_EQ(regs->x[i], 0);
	}
	return last;
}

/** All that @caller can discover; returns their number. */
static uint64_t list_all(uint16_t caller, descriptor list[64])
{
	struct ffa_regs regs = ask(caller, &nil, 0);
	uint64_t last = append(&regs, list, 0);

	for (uint64_t next = 5; next <= last; next += 5) {
		/* EL3 passes no tag on. */
		uint64_t tag = caller == LP ? 0 : regs.x[2] >> 32 & 0xFFFF;

		regs = ask(caller, &nil, next | tag << 16);
		CHECK_EQ(append(&regs, list, next), last);
	}
	return last + 1;
}

static unsigned count_of(uint16_t id, const descriptor *list, uint64_t count)
{
	unsigned found = 0;

	for (uint64_t i = 0; i < count; i++) {
		found += list[i].id == id;
	}
	return found;
}

static void check_lists(uint16_t caller, uint64_t others, unsigned logical)
{
	static descriptor list[64];
	uint64_t count = list_all(caller, list);

	CHECK_EQ(count, others + logical);
	FOR_EACH_SUBJECT(subject)
	{
		CHECK_EQ(count_of(subject->id, list, count), 1);
	}
	CHECK_EQ(count_of(LP, list, count), logical);
	for (uint64_t i = 0; i < count; i++) {
		if (list[i].id == LP) {
			CHECK_EQ(list[i].context_count, 1);
			CHECK_EQ(list[i].properties,
				 FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_AARCH64);
			CHECK_EQ(memcmp(&list[i].uuid, &lp_uuid, sizeof(lp_uuid)), 0);
		}
	}
}

static void check_finds_by_uuid(const struct ffa_regs *regs)
{
	CHECK_EQ(regs->x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_EQ(regs->x[2], sizeof(descriptor) << 48);
	CHECK_EQ(regs->x[3], (uint64_t)(FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_AARCH64) << 32 |
				     1 << 16 | LP);
	CHECK_EQ(regs->x[4] | regs->x[5], 0);
}

static uint64_t count_for_normal_world(void)
{
	static descriptor list[64];

	return list_all(0, list);
}

static void check_discovery_here(void *unused)
{
	static const uint16_t callers[] = { SP_MP1, SP_UP, SP_EL0 };
	uint64_t others = count_for_normal_world();

	for (unsigned i = 0; i < 3; i++) {
		struct ffa_regs regs;

		check_lists(callers[i], others, 1);
		regs = ask(callers[i], &lp_uuid, 0);
		check_finds_by_uuid(&regs);
		CHECK_ERROR(ask(callers[i], &lp_uuid, 1), FFA_INVALID_PARAMETERS);
		CHECK_ERROR(ask(callers[i], &nil, others + 1), FFA_INVALID_PARAMETERS);
	}
}

TEST_IN(el3, partitions_discover_the_logical_partition_by_registers)
{
	fixture_prepare();
	on_each_pe(check_discovery_here, NULL);
}

TEST_IN(el3, partitions_discover_the_logical_partition_while_it_waits_for_them)
{
	fixture_prepare();
	for (unsigned i = 0; i < 3; i++) {
		static const uint16_t callers[] = { SP_MP1, SP_UP, SP_EL0 };
		const uint32_t *word = lp_uuid.word;
		struct ffa_regs regs = IN_REQUEST(callers[i], FFA_PARTITION_INFO_GET_REGS_64,
						  (uint64_t)word[1] << 32 | word[0],
						  (uint64_t)word[3] << 32 | word[2]);

		check_finds_by_uuid(&regs);
	}
}

TEST_IN(el3, the_logical_partition_is_in_no_rx_buffer)
{
	const uint32_t *word = lp_uuid.word;

	fixture_prepare();
	FOR_EACH_SUBJECT(subject)
	{
		if (subject->version >= FFA_VERSION_1_1) {
			CHECK_ERROR(BY(subject->id, FFA_PARTITION_INFO_GET_32, word[0], word[1],
				       word[2], word[3], FFA_PARTITION_INFO_COUNT_ONLY),
				    FFA_INVALID_PARAMETERS);
		}
	}
}

TEST_IN(el3, the_normal_world_does_not_discover_the_logical_partition)
{
	const uint32_t *word = lp_uuid.word;

	fixture_prepare();
	check_lists(0, count_for_normal_world(), 0);
	CHECK_ERROR(ask(0, &lp_uuid, 0), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32, word[0], word[1], word[2], word[3],
			FFA_PARTITION_INFO_COUNT_ONLY),
		    FFA_INVALID_PARAMETERS);
}

static void check_discovery_by_lp(void *unused)
{
	check_lists(LP, count_for_normal_world(), 0);
	CHECK_ERROR(ask(LP, &lp_uuid, 0), FFA_INVALID_PARAMETERS);
	FOR_EACH_SUBJECT(subject)
	{
		struct ffa_regs regs = ask(LP, &subject->uuid, 0);

		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
		CHECK_EQ(regs.x[3] & 0xFFFF, subject->id);
	}
}

TEST_IN(el3, the_logical_partition_discovers_the_partitions)
{
	fixture_prepare();
	on_each_pe(check_discovery_by_lp, NULL);
	FOR_EACH_SUBJECT(subject)
	{
		(void)el3_command(subject->id, TEST_ECHO, 0);
	}
}

TEST_SHARED_IN(el3, a_normal_world_of_1_2_has_no_call_of_1_3_though_el3_forwards_it)
{
	CHECK_ERROR(FFA(FFA_NS_RES_INFO_GET_64), FFA_NOT_SUPPORTED);
	CHECK_ERROR(FFA(FFA_FEATURES_32, (uint32_t)FFA_NS_RES_INFO_GET_64), FFA_NOT_SUPPORTED);
}
