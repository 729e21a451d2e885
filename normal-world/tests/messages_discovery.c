/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Discovery on systems/messages.toml (DEN0077A, "Setup and discovery interfaces"): who is told of which of the calls
 * for messages, what partitions look like to callers of 1.2 and of 1.3, which have descriptors of 48 bytes.
 */
#include "normal-world/tests/messages.h"

#include "lib/string.h"

#define CALLERS 8U
#define ENTRIES 9U /* services of all partitions */
#define UUID(n)                                                                        \
	{                                                                              \
		{                                                                      \
			0x7E570000U + (n), 0x4A7B11EEU, 0x8F3C9D20U, 0x5B6E0A00U + (n) \
		}                                                                      \
	}

/* ---- FFA_FEATURES ----------------------------------------------------------------------------------------- */

static const uint16_t callers[CALLERS] = {
	OS, M_MP, M_UP11, M_UP13, M_EL0, M_OLD, M_MP13, M_PLAIN
};

/* '+' reported, '-' not, in the order of callers. */
static const struct {
	uint32_t function;
	const char *reported;
} rows[] = {
	{ (uint32_t)FFA_NOTIFICATION_BITMAP_CREATE_32, "+-------" },
	{ (uint32_t)FFA_NOTIFICATION_BITMAP_DESTROY_32, "+-------" },
	{ (uint32_t)FFA_NOTIFICATION_BIND_32, "+++++-++" },
	{ (uint32_t)FFA_NOTIFICATION_UNBIND_32, "+++++-++" },
	{ (uint32_t)FFA_NOTIFICATION_SET_32, "+++++-++" },
	{ (uint32_t)FFA_NOTIFICATION_GET_32, "+++++-++" },
	{ (uint32_t)FFA_NOTIFICATION_INFO_GET_32, "+-------" },
	{ (uint32_t)FFA_NOTIFICATION_INFO_GET_64, "+-------" },
	{ (uint32_t)FFA_RX_ACQUIRE_32, "+-------" },
	{ (uint32_t)FFA_MSG_SEND2_32, "+++++-++" },
	{ (uint32_t)FFA_MSG_SEND2_64, "--------" },
	{ (uint32_t)FFA_NOTIFICATION_BIND_64, "--------" },
	{ FFA_FID64(0x94), "--------" }, /* NOTIFICATION_BIND2 */
	{ (uint32_t)FFA_MSG_WAIT_64, "---+--+-" },
	{ (uint32_t)FFA_YIELD_64, "---+--+-" },
	{ (uint32_t)FFA_RUN_64, "---+--+-" },
};

MESSAGES_TEST(features_reports_calls_for_messages_to_those_who_may_make_them)
{
	for (unsigned caller = 0; caller < CALLERS; caller++) {
		for (unsigned row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
			struct ffa_regs regs = AS(callers[caller], FFA_FEATURES_32,
						  rows[row].function);

			if ((regs.x[0] == (uint32_t)FFA_SUCCESS_32) !=
			    (rows[row].reported[caller] == '+')) {
				test_note("FFA_FEATURES(%x) for %x", rows[row].function,
					  callers[caller]);
			}
			if (rows[row].reported[caller] == '+') {
				CHECK_SUCCESS(regs);
			} else {
				CHECK_ERROR(regs, FFA_NOT_SUPPORTED);
			}
		}
	}
}

MESSAGES_TEST(features_tells_callers_of_1_3_about_notifications)
{
	for (unsigned caller = 0; caller < CALLERS; caller++) {
		struct ffa_regs regs = AS(callers[caller], FFA_FEATURES_32,
					  FFA_FEATURE_NOTIFICATIONS);

		if (version_of(callers[caller]) >= FFA_VERSION_1_3) {
			CHECK_SUCCESS(regs); /* per vCPU, of VMs and of partitions */
		} else {
			CHECK_ERROR(regs, FFA_NOT_SUPPORTED);
		}
	}
}

/* ---- the list --------------------------------------------------------------------------------------------- */

/* Properties: to the normal world of 1.2, to partitions of 1.2; 1.3 has one more. */
static const struct entry {
	uint16_t id;
	uint16_t contexts;
	uint32_t to_os, to_partitions;
	uint32_t version;
	struct ffa_uuid uuid, image;
} entries[ENTRIES] = {
	{ M_MP, 8, 0x3CD, 0x70F, FFA_VERSION_1_2, UUID(0x21), { { 0 } } },
	{ M_UP11, 1, 0x14D, 0x10F, FFA_VERSION_1_1, UUID(0x22), { { 0 } } },
	{ M_UP13, 1, 0x38D, 0x70F, FFA_VERSION_1_3, UUID(0x23), UUID(0x33) },
	{ M_UP13, 1, 0x389, 0x30B, FFA_VERSION_1_3, UUID(0x43), UUID(0x33) },
	{ M_EL0, 1, 0x30D, 0x70F, FFA_VERSION_1_2, UUID(0x24), { { 0 } } },
	{ M_OLD, 1, 0x101, 0x103, FFA_VERSION_1_0, UUID(0x25), { { 0 } } },
	{ M_MP11, 8, 0x10D, 0x10F, FFA_VERSION_1_1, UUID(0x26), { { 0 } } },
	{ M_MP13, 8, 0x30D, 0x70F, FFA_VERSION_1_3, UUID(0x27), UUID(0x37) },
	{ M_PLAIN, 1, 0x305, 0x707, FFA_VERSION_1_2, UUID(0x28), { { 0 } } },
};

static const struct ffa_uuid nil;

static bool same(const struct ffa_uuid *a, const struct ffa_uuid *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static void check_head(const struct entry *entry, uint16_t id, uint16_t contexts,
		       uint32_t properties, uint32_t expected)
{
	if (id != entry->id || properties != expected) {
		test_note("entry of %x: properties %x, expected %x of %x", id, properties, expected,
			  entry->id);
	}
	CHECK_EQ(id, entry->id);
	CHECK_EQ(contexts, entry->contexts);
	CHECK_EQ(properties, expected);
}

MESSAGES_TEST(properties_tell_who_takes_messages_and_notifications)
{
	const struct ffa_partition_info_v1_1 *list = (const void *)os_rx;
	struct ffa_regs regs;

	map(OS, 1);
	regs = FFA(FFA_PARTITION_INFO_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2], ENTRIES);
	CHECK_EQ(regs.x[3], sizeof(*list));
	for (unsigned i = 0; i < ENTRIES; i++) {
		check_head(&entries[i], list[i].id, list[i].context_count, list[i].properties,
			   entries[i].to_os);
		CHECK(same(&list[i].uuid, &entries[i].uuid));
	}
	CHECK_SUCCESS(FFA(FFA_RX_RELEASE_32));
	unmap(OS);
}

MESSAGES_TEST(partitions_see_whom_they_may_send_to)
{
	static const uint16_t ids[] = { M_MP, M_EL0 };
	struct ffa_partition_info_v1_1 list[ENTRIES];

	for (unsigned k = 0; k < 2; k++) {
		struct ffa_regs regs;

		map(ids[k], 1);
		regs = BY(ids[k], FFA_PARTITION_INFO_GET_32);
		CHECK_EQ(regs.x[2], ENTRIES);
		(void)COMMAND(ids[k], TEST_COPY, rx_of(ids[k]), sizeof(list), 0, 0);
		for (unsigned i = 0; i < sizeof(list); i++) {
			((uint8_t *)list)[i] = area_of(ids[k])->bulk[i];
		}
		for (unsigned i = 0; i < ENTRIES; i++) {
			check_head(&entries[i], list[i].id, list[i].context_count,
				   list[i].properties, entries[i].to_partitions);
		}
		unmap(ids[k]);
	}
}

/* ---- descriptors of 48 bytes ------------------------------------------------------------------------------ */

/**
 * A descriptor as a caller of 1.3 gets it that asked for @asked. The UUID that was asked for is not repeated.
 */
static void check_long(const struct ffa_partition_info_v1_3 *info, const struct entry *entry,
		       uint32_t properties, const struct ffa_uuid *asked)
{
	properties |= entry->version >= FFA_VERSION_1_3 ? FFA_PROPERTY_SMC64_CYCLES : 0;
	check_head(entry, info->id, info->context_count, info->properties, properties);
	CHECK(same(&info->uuid, same(asked, &entry->uuid) ? &nil : &entry->uuid));
	CHECK(same(&info->image_uuid, same(asked, &entry->image) ? &nil : &entry->image));
	CHECK_EQ(info->version, entry->version);
	CHECK_EQ(info->reserved, 0);
}

/** Lists what @id finds for @asked, in its RX buffer; @count entries from @first on. */
static void check_list(uint16_t id, const struct ffa_uuid *asked, unsigned first, unsigned count)
{
	struct ffa_partition_info_v1_3 list[ENTRIES];
	struct ffa_regs regs = AS(id, FFA_PARTITION_INFO_GET_32, asked->word[0], asked->word[1],
				  asked->word[2], asked->word[3]);
	const volatile uint8_t *source = (const volatile uint8_t *)os_rx;

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2], count);
	CHECK_EQ(regs.x[3], sizeof(list[0]));
	if (id != OS) {
		(void)COMMAND(id, TEST_COPY, rx_of(id), sizeof(list), 0, 0);
		source = area_of(id)->bulk;
	}
	for (unsigned i = 0; i < sizeof(list); i++) {
		((uint8_t *)list)[i] = source[i];
	}
	for (unsigned i = 0; i < count; i++) {
		const struct entry *entry = &entries[first + i];

		check_long(&list[i], entry, id == OS ? entry->to_os : entry->to_partitions, asked);
	}
	CHECK_SUCCESS(AS(id, FFA_RX_RELEASE_32));
}

/** The same by registers, two at a time. */
static void check_registers(uint16_t id, const struct ffa_uuid *asked, unsigned first,
			    unsigned count)
{
	uint64_t low = asked->word[0] | (uint64_t)asked->word[1] << 32;
	uint64_t high = asked->word[2] | (uint64_t)asked->word[3] << 32;

	for (unsigned start = 0; start < count; start += 2) {
		struct ffa_regs regs = AS(id, FFA_PARTITION_INFO_GET_REGS_64, low, high, start);
		unsigned here = count - start < 2 ? 1 : 2;
		struct ffa_partition_info_v1_3 list[2];

		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
		CHECK_EQ(regs.x[1], 0);
		CHECK_EQ(regs.x[2],
			 sizeof(list[0]) << 48 | (uint64_t)(start + here - 1) << 16 | (count - 1));
		memcpy(list, &regs.x[3], sizeof(list));
		for (unsigned i = 0; i < here; i++) {
			const struct entry *entry = &entries[first + start + i];

			check_long(&list[i], entry, id == OS ? entry->to_os : entry->to_partitions,
				   asked);
		}
		for (unsigned i = 3 + 6 * here; i < 18; i++) {
			CHECK_EQ(regs.x[i], 0);
		}
	}
	CHECK_ERROR(AS(id, FFA_PARTITION_INFO_GET_REGS_64, low, high, count),
		    FFA_INVALID_PARAMETERS);
}

static void check_both(uint16_t id, const struct ffa_uuid *asked, unsigned first, unsigned count)
{
	check_list(id, asked, first, count);
	check_registers(id, asked, first, count);
}

/** All, by service, by image. */
static void check_discovery(uint16_t id)
{
	static const struct ffa_uuid nobody = UUID(0x99);

	map(id, 1);
	check_both(id, &nil, 0, ENTRIES);
	check_both(id, &entries[0].uuid, 0, 1);
	check_both(id, &entries[3].uuid, 3, 1);
	check_both(id, &entries[2].image, 2, 2);
	check_both(id, &entries[7].image, 7, 1);
	CHECK_ERROR(AS(id, FFA_PARTITION_INFO_GET_32, nobody.word[0], nobody.word[1],
		       nobody.word[2], nobody.word[3]),
		    FFA_INVALID_PARAMETERS);
	unmap(id);
}

MESSAGES_TEST(partitions_of_1_3_get_descriptors_of_48_bytes)
{
	check_discovery(M_UP13);
	check_discovery(M_MP13);
}

TEST_IN(messages, a_normal_world_of_1_3_gets_descriptors_of_48_bytes)
{
	messages_prepare_for(FFA_VERSION_1_3);
	check_discovery(OS);
}

MESSAGES_TEST(callers_of_1_2_do_not_find_partitions_by_their_image)
{
	const uint32_t *image = entries[2].image.word;

	map(M_MP, 1);
	map(OS, 1);
	CHECK_ERROR(FFA(FFA_PARTITION_INFO_GET_32, image[0], image[1], image[2], image[3]),
		    FFA_INVALID_PARAMETERS);
	CHECK_ERROR(BY(M_MP, FFA_PARTITION_INFO_GET_32, image[0], image[1], image[2], image[3]),
		    FFA_INVALID_PARAMETERS);
	unmap(OS);
	unmap(M_MP);
}
