/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_ID_GET, FFA_SPM_ID_GET and FFA_FEATURES for every kind of caller (DEN0077A, "FFA_FEATURES"). */
#include "normal-world/tests/fixture.h"

#define ANY_VALUE 0xFFFFFFFFU
#define CALLERS 7U

/*
 * What FFA_FEATURES reports to: the normal world (1.2), then S-EL1 1.2 MP, 1.1 MP, 1.2 UP, 1.0 UP, S-EL0 1.2,
 * S-EL0 1.1 that only receives. '+' supported, '-' not, '?' the specification leaves it open.
 */
static const struct {
	uint32_t function;
	const char *reported;
	uint32_t w2;
} rows[] = {
	{ (uint32_t)FFA_ERROR_32, "+++++++", 0 },
	{ (uint32_t)FFA_SUCCESS_32, "+++++++", 0 },
	{ (uint32_t)FFA_SUCCESS_64, "+++++++", 0 },
	{ (uint32_t)FFA_INTERRUPT_32, "+++++++", 0 },
	{ (uint32_t)FFA_VERSION_32, "+++++++", 0 },
	{ (uint32_t)FFA_FEATURES_32, "+++++++", 0 },
	{ (uint32_t)FFA_RX_RELEASE_32, "+++++++", 0 },
	{ FFA_FID32(0x66), "-------", 0 },
	{ (uint32_t)FFA_RXTX_MAP_64, "+++++++", ANY_VALUE },
	{ (uint32_t)FFA_RXTX_UNMAP_32, "+++++++", 0 },
	{ (uint32_t)FFA_PARTITION_INFO_GET_32, "+++++++", 0 },
	{ (uint32_t)FFA_ID_GET_32, "+++++++", 0 },
	{ (uint32_t)FFA_SPM_ID_GET_32, "++++-++", 0 },
	{ (uint32_t)FFA_PARTITION_INFO_GET_REGS_64, "++-+-+-", 0 },
	{ (uint32_t)FFA_MSG_WAIT_32, "+++++++", 0 },
	{ (uint32_t)FFA_YIELD_32, "-++++++", 0 },
	{ (uint32_t)FFA_RUN_32, "+++++++", 0 },
	{ (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32, "++++++-", 0 },
	{ (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, "++++++-", 0 },
	{ (uint32_t)FFA_MSG_SEND_DIRECT_RESP_32, "+++++++", 0 },
	{ (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64, "+++++++", 0 },
	{ (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64, "++-+-+-", 0 },
	{ (uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64, "++-+-+-", 0 },
	{ (uint32_t)FFA_SECONDARY_EP_REGISTER_64, "-++----", 0 },
	{ FFA_FID32(0x87), "-------", 0 },
	{ (uint32_t)FFA_MEM_PERM_GET_32, "-----++", 0 },
	{ (uint32_t)FFA_MEM_PERM_GET_64, "-----++", 0 },
	{ (uint32_t)FFA_MEM_PERM_SET_32, "-----++", 0 },
	{ (uint32_t)FFA_MEM_PERM_SET_64, "-----++", 0 },
	{ (uint32_t)FFA_CONSOLE_LOG_32, "?+-+-+-", 0 },
	{ (uint32_t)FFA_CONSOLE_LOG_64, "?+-+-+-", 0 },
	{ (uint32_t)FFA_NORMAL_WORLD_RESUME_32, "-------", 0 },
	{ (uint32_t)FFA_EL3_INTR_HANDLE_32, "-------", 0 },
	{ FFA_FID32(0x6A), "-------", 0 }, /* MSG_POLL */
	{ FFA_FID32(0x6E), "-------", 0 }, /* MSG_SEND */
	{ FFA_FID32(0x78), "-------", 0 }, /* MEM_OP_PAUSE */
	{ FFA_FID32(0x79), "-------", 0 }, /* MEM_OP_RESUME */
	{ FFA_FID32(0x91), "-------", 0 },
	{ FFA_FID32(0x93), "-------", 0 },
	{ FFA_FID64(0x68), "-------", 0 }, /* wrong widths */
	{ FFA_FID64(0x63), "-------", 0 },
	{ FFA_FID32(0x8B), "-------", 0 },
	{ FFA_FID32(0x8D), "-------", 0 },
	{ 0x8FFFFFFFU, "-------", 0 },
	{ 0x84000000U, "-------", 0 }, /* PSCI_VERSION */
	{ 0x80000000U, "-------", 0 }, /* SMCCC_VERSION */
};

static const uint16_t callers[CALLERS] = { 0, SP_MP1, SP_MP2, SP_UP, SP_UP0, SP_EL0, SP_EL0B };

static struct ffa_regs features_for(uint16_t caller, uint32_t what, uint32_t properties)
{
	return caller == 0 ? FFA(FFA_FEATURES_32, what, properties)
			   : BY(caller, FFA_FEATURES_32, what, properties);
}

static void check_row(unsigned row, unsigned caller)
{
	struct ffa_regs regs = features_for(callers[caller], rows[row].function, 0);
	bool supported = regs.x[0] == (uint32_t)FFA_SUCCESS_32;
	char expected = rows[row].reported[caller];

	if (expected != '?' && supported != (expected == '+')) {
		test_note("FFA_FEATURES(%x) for %x", rows[row].function, callers[caller]);
		test_fail(__FILE__, __LINE__, "whether it is reported", supported, expected == '+');
	}
	if (!supported) {
		CHECK_ERROR(regs, FFA_NOT_SUPPORTED);
		return;
	}
	CHECK_EQ(regs.x[1], 0);
	if (rows[row].w2 != ANY_VALUE) {
		CHECK_EQ(regs.x[2], rows[row].w2);
	}
	fixture_check_zero(&regs, 3, __FILE__, __LINE__);
}

TEST(features_reports_each_call_to_those_who_may_make_it)
{
	for (unsigned caller = 0; caller < CALLERS; caller++) {
		for (unsigned row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
			check_row(row, caller);
		}
	}
}

TEST(features_tells_size_and_number_of_buffer_pages)
{
	for (unsigned caller = 0; caller < CALLERS; caller++) {
		struct ffa_regs regs = features_for(callers[caller], (uint32_t)FFA_RXTX_MAP_64, 0);
		bool has_maximum = callers[caller] == 0 ||
				   subject_of(callers[caller])->version >= FFA_VERSION_1_2;

		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(regs.x[2] & 0xFFFF, 0); /* 4 KiB */
		CHECK_EQ(regs.x[2] >> 16 != 0, has_maximum);
	}
}

TEST(features_refuses_feature_ids_that_are_not_for_the_caller)
{
	for (unsigned caller = 0; caller < CALLERS; caller++) {
		uint16_t id = callers[caller];
		bool el1 = id != 0 && subject_of(id)->el1;

		CHECK_ERROR(features_for(id, 0, 0), FFA_NOT_SUPPORTED);
		CHECK_ERROR(features_for(id, 5, 0), FFA_NOT_SUPPORTED);
		CHECK_ERROR(features_for(id, 0xFF, 0), FFA_NOT_SUPPORTED);
		CHECK_ERROR(features_for(id, 0x100 | FFA_FEATURE_NPI, 0), FFA_NOT_SUPPORTED);
		CHECK_ERROR(features_for(id, 0x40000000 | FFA_FEATURE_SRI, 0), FFA_NOT_SUPPORTED);
		if (!el1) {
			CHECK_ERROR(features_for(id, FFA_FEATURE_NPI, 0), FFA_NOT_SUPPORTED);
			CHECK_ERROR(features_for(id, FFA_FEATURE_MEI, 0), FFA_NOT_SUPPORTED);
		}
		if (id != 0) {
			CHECK_ERROR(features_for(id, FFA_FEATURE_SRI, 0), FFA_NOT_SUPPORTED);
		}
	}
}

TEST(everybody_learns_its_own_id_and_the_managers)
{
	struct ffa_regs regs = FFA(FFA_ID_GET_32);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2], 0);
	regs = FFA(FFA_SPM_ID_GET_32);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2], SPMC_ID);
	FOR_EACH_SUBJECT(subject)
	{
		regs = BY(subject->id, FFA_ID_GET_32);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(regs.x[1], 0);
		CHECK_EQ(regs.x[2], subject->id);
		fixture_check_zero(&regs, 3, __FILE__, __LINE__);
		if (subject->version == FFA_VERSION_1_0) {
			CHECK_ERROR(BY(subject->id, FFA_SPM_ID_GET_32), FFA_NOT_SUPPORTED);
			continue;
		}
		regs = BY(subject->id, FFA_SPM_ID_GET_32);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(regs.x[2], SPMC_ID);
		fixture_check_zero(&regs, 3, __FILE__, __LINE__);
	}
}
