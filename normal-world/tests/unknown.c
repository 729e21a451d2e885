/* SPDX-License-Identifier: BSD-3-Clause */
/* Function identifiers nobody serves, and calls that are not FF-A at all. */
#include "normal-world/tests/fixture.h"

#include "abi/smccc.h"

/* TF-A 2.12.1 gives the SPMC these numbers only; others end at EL3 as unknown SMCs. */
#define EL3_FIRST 0x60U
#define EL3_LAST 0x8EU

/** Forms that this SPMC serves somebody; whoever else calls gets an error of its own. */
static bool is_served(uint32_t function)
{
	static const struct {
		uint32_t number;
		bool form32, form64;
	} forms[] = {
#define NONE 99
#define FFA_ABI(name, number, s32, s64, ...) { number, s32 <= 2, s64 <= 2 },
#include "abi/ffa_abi.def"
#undef FFA_ABI
#undef NONE
	};

	for (unsigned i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (forms[i].number == FFA_FID_NUMBER(function)) {
			return (function & FFA_FID_SMC64) != 0 ? forms[i].form64 : forms[i].form32;
		}
	}
	return false;
}

TEST(unknown_numbers_and_wrong_widths_are_not_supported_for_the_normal_world)
{
	for (uint32_t number = FFA_NUMBER_FIRST; number <= FFA_NUMBER_LAST; number++) {
		for (unsigned width = 0; width < 2; width++) {
			uint32_t function = width == 0 ? FFA_FID32(number) : FFA_FID64(number);
			struct ffa_regs regs;

			if (is_served(function)) {
				continue;
			}
			regs = FFA(function);
			if (number < EL3_FIRST || number > EL3_LAST) {
				CHECK_EQ((uint32_t)regs.x[0], 0xFFFFFFFF);
			} else {
				CHECK_ERROR(regs, FFA_NOT_SUPPORTED);
			}
		}
	}
}

TEST(unknown_numbers_and_wrong_widths_are_not_supported_for_partitions)
{
	FOR_EACH_SUBJECT(subject)
	{
		for (uint32_t number = FFA_NUMBER_FIRST; number <= FFA_NUMBER_LAST; number++) {
			if (!is_served(FFA_FID32(number))) {
				CHECK_ERROR(BY(subject->id, FFA_FID32(number)), FFA_NOT_SUPPORTED);
			}
			if (!is_served(FFA_FID64(number))) {
				CHECK_ERROR(BY(subject->id, FFA_FID64(number)), FFA_NOT_SUPPORTED);
			}
		}
	}
}

TEST(calls_newer_than_a_partitions_version_are_not_supported)
{
	static const uint16_t old[] = { SP_UP0, SP_MP2, SP_EL0B };

	CHECK_ERROR(BY(SP_UP0, FFA_SPM_ID_GET_32), FFA_NOT_SUPPORTED);
	CHECK_ERROR(BY(SP_UP0, FFA_MEM_PERM_GET_64, 0x0E804000), FFA_NOT_SUPPORTED);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_ERROR(BY(old[i], FFA_CONSOLE_LOG_32, 1, 'x'), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(old[i], FFA_CONSOLE_LOG_64, 1, 'x'), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(old[i], FFA_PARTITION_INFO_GET_REGS_64), FFA_NOT_SUPPORTED);
		CHECK_ERROR(BY(old[i], FFA_MSG_SEND_DIRECT_RESP2_64, FFA_ENDPOINTS(old[i], 0)),
			    FFA_NOT_SUPPORTED);
	}
}

/* Services of EL3, SMCs of others, and not even well-formed. */
static const uint32_t strangers[] = {
	PSCI_VERSION,      PSCI_CPU_OFF,    PSCI_CPU_ON_64, PSCI_SYSTEM_OFF,
	PSCI_SYSTEM_RESET, SMCCC_VERSION,   0x80000001U,    0xC2000000U,
	0x8200FF01U,       0xFF03U + 0x10U, 0x00000000U,    0xFFFFFFFFU,
	0x04000060U,       0x44000063U,     0xBF00FF01U,    0x84020063U,
};

static void check_stranger(uint16_t id, enum ffa_conduit conduit, uint32_t function)
{
	volatile struct test_area *area = area_of(id);

	area->call_conduit = conduit;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0xABCDEF0000000000ULL + i;
	}
	area->call_in[0] = function;
	(void)COMMAND(id, TEST_CALL, 0, 0, 0, 0);
	if (area->call_out[0] != SMCCC_UNKNOWN) {
		test_note("call %x by %x, conduit %u", function, id, conduit);
	}
	CHECK_EQ(area->call_out[0], SMCCC_UNKNOWN);
	for (unsigned i = 1; i < 31; i++) {
		CHECK_EQ(area->call_out[i], area->call_in[i]);
	}
}

TEST(calls_that_are_not_ff_a_are_unknown_to_partitions)
{
	for (unsigned i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		check_stranger(SP_MP1, FFA_CONDUIT_SMC, strangers[i]);
		check_stranger(SP_UP0, FFA_CONDUIT_SMC, strangers[i]);
		check_stranger(SP_MP1, FFA_CONDUIT_HVC, strangers[i]);
		check_stranger(SP_MP2, FFA_CONDUIT_HVC, strangers[i]);
		check_stranger(SP_EL0, FFA_CONDUIT_SVC, strangers[i]);
		check_stranger(SP_EL0B, FFA_CONDUIT_SVC, strangers[i]);
	}
	CHECK_ALL_ALIVE_BUT(0);
}
