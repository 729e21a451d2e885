/* SPDX-License-Identifier: BSD-3-Clause */
/* Framework messages: kept for the client, and answered, or not, as area.reaction says. */
#include "abi/smccc.h"
#include "partitions/test-image/image.h"

static void hang(bool calling)
{
	for (;;) {
		struct ffa_regs regs = { { (uint32_t)FFA_ID_GET_32 } };

		if (calling) {
			ffa_call(&regs);
		}
		__asm__ volatile("" ::: "memory"); /* a loop that has a meaning */
	}
}

static void react(volatile struct test_area *area)
{
	switch ((enum test_reaction)area->reaction) {
	case TEST_REACTION_CALL:
		command_call(area);
		break;
	case TEST_REACTION_HANG:
		hang(false);
		break;
	case TEST_REACTION_HANG_CALLING:
		hang(true);
		break;
	case TEST_REACTION_DIE:
		partition_die();
	default:
		break;
	}
}

void partition_framework(unsigned context, struct ffa_regs *message)
{
	volatile struct test_area *area = image_area(context);
	uint64_t endpoints = message->x[1];
	uint32_t type = FFA_FRAMEWORK_TYPE(message->x[2]);
	uint32_t answer = type == FFA_FRAMEWORK_PSCI_REQ ? (uint32_t)FFA_FRAMEWORK_PSCI_RESP
							 : type + 1;
	uint64_t status = area->reaction == TEST_REACTION_REFUSE ? area->reaction_status : 0;

	area->framework_at = machine_counter();
	for (unsigned i = 0; i < 8; i++) {
		area->framework[i] = message->x[i];
	}
	area->framework_count++;
	react(area);
	*message = (struct ffa_regs){ {
		(uint32_t)FFA_MSG_SEND_DIRECT_RESP_32,
		FFA_ENDPOINTS(FFA_RECEIVER(endpoints), FFA_SENDER(endpoints)),
		FFA_FRAMEWORK_BIT | answer,
		status,
	} };
}
