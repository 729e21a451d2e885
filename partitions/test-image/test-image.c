/* SPDX-License-Identifier: BSD-3-Clause */
/* The test partition: takes commands by direct request or FFA_RUN. One source for S-EL1 and S-EL0. */
#include "partitions/test-image/image.h"
#include "sdk/ffa.h"

volatile struct test_area *image_area(unsigned context)
{
	static const struct partition_region *region;

	if (region == NULL) {
		region = partition_region("area");
	}
	if (region == NULL) {
		partition_die();
	}
	return (volatile struct test_area *)(uintptr_t)(region->base + (uint64_t)context * 4096);
}

void partition_start(void)
{
	partition_log("test partition %04x starts", partition.id);
	init_calls();
	interrupts_at_start();
}

/** The first of the registers that are payload beside command and results; 18: there are none. */
static unsigned first_more(uint32_t function)
{
	if (function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64) {
		return 9;
	}
	return function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64 &&
			       partition.version >= FFA_VERSION_1_3
		       ? 8
		       : 18;
}

void partition_request(unsigned context, struct ffa_regs *message)
{
	volatile struct test_area *area = image_area(context);
	uint32_t function = (uint32_t)message->x[0];
	unsigned first = function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64 ? 4 : 3;
	uint64_t x[4];

	for (unsigned i = 0; i < 18; i++) {
		area->request[i] = message->x[i];
	}
	for (unsigned i = 0; i < 4; i++) {
		x[i] = message->x[first + 1 + i];
	}
	message->x[first] = commands_run(context, function, message->x[first], x);
	area->irq.left = 0;
	for (unsigned i = 0; i < 4; i++) {
		message->x[first + 1 + i] = x[i];
	}
	for (unsigned i = first_more(function); i < 18; i++) {
		message->x[i] = ~message->x[i];
	}
	if (function == (uint32_t)FFA_MSG_SEND_DIRECT_REQ_32) {
		/* Not part of the message: must reach nobody. */
		for (unsigned i = 3; i < 18; i++) {
			message->x[i] = (i < 8 ? (uint32_t)message->x[i] : 0) | TEST_SECRET << 32;
		}
	}
}

void partition_run(unsigned context, const struct ffa_regs *message)
{
	volatile struct test_area *area = image_area(context);
	uint64_t command = area->run_command[0];
	uint64_t x[4];

	for (unsigned i = 0; i < 8; i++) {
		area->run[i] = message->x[i];
	}
	for (unsigned i = 0; i < 4; i++) {
		x[i] = area->run_command[1 + i];
	}
	area->run_count++;
	if (command != 0) {
		area->run_command[0] = 0;
		area->run_result[0] = commands_run(context, (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64,
						   command, x);
		for (unsigned i = 0; i < 4; i++) {
			area->run_result[1 + i] = x[i];
		}
	}
	area->irq.left = 0;
}
