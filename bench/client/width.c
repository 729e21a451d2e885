/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Direct messages from several PEs at once: to partitions of their own, and to one MP partition. What a call
 * costs must not grow with the number of PEs.
 */
#include "bench/client/client.h"
#include "bench/mark.h"
#include "normal-world/pe.h"
#include "sdk/text.h"

enum {
	WIDTH_MAX = 4,
	CALLS = 64, /* of each PE */
};

struct load {
	uint16_t partition;
	bool good;
};

static struct load loads[WIDTH_MAX];

static void send_often(void *argument)
{
	struct load *load = argument;

	for (unsigned i = 0; i < CALLS; i++) {
		struct ffa_regs regs = { { (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, load->partition, 0,
					   COMMAND_ECHO } };

		ffa_call(&regs);
		load->good &= (uint32_t)regs.x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64;
	}
}

static bool send_from(unsigned width)
{
	bool good = true;

	for (unsigned i = 1; i < width; i++) {
		pe_post(i, send_often, &loads[i]);
	}
	send_often(&loads[0]);
	for (unsigned i = 1; i < width; i++) {
		good &= pe_wait(i, 10000000);
	}
	for (unsigned i = 0; i < width; i++) {
		good &= loads[i].good;
	}
	return good;
}

static void measure_width(const char *name, const uint16_t *partitions, unsigned width)
{
	char text[64];
	bool good;

	for (unsigned i = 0; i < width; i++) {
		loads[i] = (struct load){ .partition = partitions[i], .good = true };
	}
	good = send_from(width); /* to warm up */
	MARK(MARK_START);
	good &= send_from(width);
	MARK(MARK_STOP);
	(void)text_format(text, sizeof(text), "%s.%u", name, width);
	tell(text, CALLS * width, good);
}

void bench_width(void)
{
	static const uint16_t apart[] = { BENCH_SP1, BENCH_SP2, BENCH_SP3_UP, BENCH_SP1 };
	static const uint16_t one[] = { BENCH_SP1, BENCH_SP1, BENCH_SP1, BENCH_SP1 };

	for (unsigned i = 1; i < WIDTH_MAX; i++) {
		(void)pe_start(i);
	}
	for (unsigned width = 1; width <= WIDTH_MAX; width *= 2) {
		measure_width("direct.apart", apart, width);
		measure_width("direct.one_mp", one, width);
	}
}
