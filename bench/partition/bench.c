/* SPDX-License-Identifier: BSD-3-Clause */
/* The bench partition, at S-EL1 and S-EL0: echoes, and repeats calls of its own between marks. */
#include "bench/command.h"
#include "bench/mark.h"
#include "sdk/ffa.h"
#include "sdk/partition.h"

void partition_start(void)
{
}

/** One call; false: the answer is not the expected one, it is in @regs. */
static bool call_once(enum bench_repeat repeat, uint16_t peer, struct ffa_regs *regs)
{
	uint32_t endpoints = FFA_ENDPOINTS(partition.id, peer);

	switch (repeat) {
	case REPEAT_ID_GET:
		*regs = (struct ffa_regs){ { (uint32_t)FFA_ID_GET_32 } };
		ffa_call(regs);
		return (uint32_t)regs->x[0] == (uint32_t)FFA_SUCCESS_32;
	case REPEAT_FEATURES:
		*regs = (struct ffa_regs){ { (uint32_t)FFA_FEATURES_32,
					     (uint32_t)FFA_RXTX_MAP_64 } };
		ffa_call(regs);
		return (uint32_t)regs->x[0] == (uint32_t)FFA_SUCCESS_32;
	case REPEAT_DIRECT:
		*regs = (struct ffa_regs){ { (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, endpoints, 0,
					     COMMAND_ECHO } };
		ffa_call(regs);
		return (uint32_t)regs->x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64;
	case REPEAT_DIRECT2:
		*regs = (struct ffa_regs){ { (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64, endpoints } };
		ffa_call(regs);
		return (uint32_t)regs->x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64;
	case REPEAT_NOTHING:
	default:
		__asm__ volatile("" ::: "memory");
		return true;
	}
}

/** Twice to warm up, then @count times between the marks. Returns the x3 of the answer. */
static uint64_t call_often(enum bench_repeat repeat, uint64_t count, uint16_t peer)
{
	struct ffa_regs regs = { { 0 } };
	bool good = call_once(repeat, peer, &regs) && call_once(repeat, peer, &regs);

	MARK(MARK_START);
	for (uint64_t i = 0; i < count; i++) {
		good &= call_once(repeat, peer, &regs);
	}
	MARK(MARK_STOP);
	return good ? 0 : 1 + (uint32_t)regs.x[0];
}

void partition_request(unsigned context, struct ffa_regs *message)
{
	bool large = (uint32_t)message->x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64;

	if (large || message->x[3] != COMMAND_REPEAT) {
		return;
	}
	message->x[3] = call_often((enum bench_repeat)message->x[4], message->x[5],
				   (uint16_t)message->x[6]);
}
