/* SPDX-License-Identifier: BSD-3-Clause */
/* systems/broken.toml: good partitions keep their IDs and answer beside broken ones. */
#include "normal-world/tests/fixture.h"

#include "partitions/hello/hello.h"

enum {
	GOOD_MP = 0x8001,
	BAD_MANIFEST_DATA = 0x8002,
	BAD_MANIFEST_VALUE = 0x8003,
	GAVE_UP = 0x8004,
	GOOD_UP = 0x8005,
	CRASHED_S_EL0 = 0x8006,
	GOOD_S_EL0 = 0x8007,
	BAD_PACKAGE = 0x8008,
};

static void check_good(uint16_t id)
{
	struct ffa_regs regs = FFA(FFA_MSG_SEND_DIRECT_REQ_32, id, 0, HELLO_REQUEST, pe_index());

	CHECK_EQ(regs.x[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32);
	CHECK_EQ(regs.x[1], FFA_ENDPOINTS(id, 0));
	CHECK_EQ(regs.x[3], HELLO_ANSWER);
	CHECK_EQ(regs.x[4], pe_index());
	CHECK_EQ(regs.x[6], id);
	CHECK_EQ(regs.x[7], (uint32_t)~HELLO_REQUEST);
}

static void check_all_here(void *unused)
{
	check_good(GOOD_MP);
	check_good(GOOD_UP);
	check_good(GOOD_S_EL0);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, BAD_MANIFEST_DATA), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, BAD_MANIFEST_VALUE), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, BAD_PACKAGE), FFA_INVALID_PARAMETERS);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, GAVE_UP), FFA_ABORTED);
	CHECK_ERROR(FFA(FFA_MSG_SEND_DIRECT_REQ_32, CRASHED_S_EL0), FFA_ABORTED);
}

static void start_others(void)
{
	(void)ffa_version(FFA_VERSION_1_2);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		CHECK_EQ(pe_start(pe), 0);
	}
}

TEST_IN(broken, partitions_beside_broken_ones_answer_on_every_pe)
{
	start_others();
	on_each_pe(check_all_here, NULL);
}

TEST_IN(broken, broken_partitions_are_not_discovered)
{
	struct ffa_regs regs = FFA(FFA_PARTITION_INFO_GET_REGS_64);
	unsigned found = 0;

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK((regs.x[2] & 0xFFFF) <= 4); /* all in one reply */
	for (unsigned i = 0; i <= (regs.x[2] & 0xFFFF); i++) {
		uint16_t id = (uint16_t)regs.x[3 + 3 * i];

		CHECK(id != BAD_MANIFEST_DATA && id != BAD_MANIFEST_VALUE && id != BAD_PACKAGE);
		found += id == GOOD_MP || id == GOOD_UP || id == GOOD_S_EL0;
	}
	CHECK_EQ(found, 3);
}
