/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/matrix/situation.h"

#include <stdio.h>

enum {
	LAST_MINOR = 2,
	TARGET_OFFSET = 0x4000, /* of an instruction, and of a page that may be changed */
};

uint16_t situation_caller(const struct situation *situation)
{
	return situation->instance == AT_NS ? NW : SP1;
}

bool situation_next(struct situation *situation)
{
	if (situation->instance == 0) {
		situation->instance = AT_NS;
	} else if (situation->minor < LAST_MINOR) {
		situation->minor++;
	} else if (situation->instance != AT_NS && situation->model != IN_INTERRUPT) {
		situation->minor = 0;
		situation->model = (uint8_t)(situation->model << 1);
	} else {
		situation->minor = 0;
		situation->model = IN_INIT;
		situation->instance = (uint8_t)(situation->instance << 1);
	}
	return situation->instance <= AT_S0;
}

/* ---- reaching ----------------------------------------------------------------------------------- */

/** SP1, of the caller's kind when that is a partition; its buffers' pages are writable data. */
static void add_caller(const struct situation *situation)
{
	static const enum instance kinds[] = { [AT_NS] = INSTANCE_S1UP,
					       [AT_S1UP] = INSTANCE_S1UP,
					       [AT_S1MP] = INSTANCE_S1MP,
					       [AT_S0] = INSTANCE_S0 };
	struct partition_config *config = system_add(SP1, kinds[situation->instance]);

	config->boot_order = 2;
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(tx_of(SP1)), .page_count = 2 },
		.attributes = REGION_READ | REGION_WRITE,
		.inside_partition = true,
	};
	config->memory_region_count = 1;
	if (situation->instance != AT_NS) {
		config->ffa_version = FFA_VERSION_OF(1, situation->minor);
	}
}

/** Gives SP1 its cycles in the model wanted. */
static void reach_model(const struct situation *situation)
{
	bool request2 = (situation->fid & 0xFFFF) == 0x8E && situation->minor >= 2;

	system_finish_start();
	if (situation->model != IN_DIRECT) {
		CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	} else if (request2) {
		CALL_WIDE(NW, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(NW, SP1));
	} else {
		request(NW, SP1);
	}
	if (situation->model == IN_INTERRUPT) {
		/* Nothing leads there yet. It is the normal world's FFA_RUN then that FFA_MSG_WAIT completes. */
		this_pe()->current->model = MODEL_INTERRUPT;
	}
}

/** Lets SP2 yield in a request of the caller. */
static void leave_callee_yielded(uint16_t caller)
{
	request(caller, SP2);
	CALL(SP2, FFA_YIELD_32);
	CHECK_EQUAL(running(), caller);
}

static void prepare(const struct situation *situation)
{
	uint16_t caller = situation_caller(situation);
	enum preparation wanted = situation->expectation == NULL
					  ? NOTHING
					  : situation->expectation->preparation;

	if (wanted == BUFFERS || wanted == FULL_RX) {
		map_rxtx(caller);
	}
	if (wanted == FULL_RX) {
		CALL(caller, FFA_PARTITION_INFO_GET_32);
		CHECK_EQUAL(registers()[0], FFA_SUCCESS_32);
	}
	if (wanted == YIELDED_CALLEE) {
		leave_callee_yielded(caller);
	}
}

void situation_reach(const struct situation *situation)
{
	system_reset();
	add_caller(situation);
	system_add(SP2, INSTANCE_S1UP)->boot_order = 1;
	system_build(1);
	system_begin();
	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), SP1);
	if (situation->instance == AT_NS) {
		system_finish_start();
		nw_version(FFA_VERSION_OF(1, situation->minor));
	} else if (situation->model != IN_INIT) {
		reach_model(situation);
	}
	prepare(situation);
}

/* ---- arguments ---------------------------------------------------------------------------------- */

/** Odd values where a message has its payload. */
static void add_payload(const struct situation *situation, uint64_t x[8])
{
	unsigned first = (situation->fid & 0xFFFF) >= 0x8D ? 4 : 3; /* x2, x3: a UUID */

	for (unsigned n = first; n < 8; n++) {
		x[n] = situation_is_64(situation) ? UINT64_C(0xda7a00000000da70) + n : 0xda70 + n;
	}
}

void situation_arguments(const struct situation *situation, uint64_t x[8])
{
	uint16_t caller = situation_caller(situation);

	memset(x, 0, 8 * sizeof(x[0]));
	x[0] = situation->fid;
	switch (situation->fid & 0xFFFF) {
	case 0x60:
		x[2] = CODE(FFA_NO_MEMORY);
		break;
	case 0x63: /* the version it has, which may be locked */
		x[1] = FFA_VERSION_OF(1, situation->minor);
		break;
	case 0x64:
		x[1] = FFA_VERSION_32;
		break;
	case 0x66:
		x[1] = caller == NW ? NS_TX : tx_of(SP1);
		x[2] = caller == NW ? NS_RX : rx_of(SP1);
		x[3] = 1;
		break;
	case 0x6D:
		x[1] = FFA_TARGET(SP2, 0);
		break;
	case 0x6F:
	case 0x8D:
		x[1] = FFA_ENDPOINTS(caller, SP2);
		add_payload(situation, x);
		break;
	case 0x70:
	case 0x8E:
		x[1] = FFA_ENDPOINTS(SP1, NW);
		add_payload(situation, x);
		break;
	case 0x87:
	case 0x88:
		x[1] = base_of(SP1) + TARGET_OFFSET;
		break;
	case 0x89:
		x[1] = base_of(SP1) + TARGET_OFFSET;
		x[2] = 1;
		x[3] = FFA_MEM_PERM_DATA_RO | FFA_MEM_PERM_NX;
		break;
	case 0x8A:
		x[1] = 1;
		x[2] = 'x';
		break;
	default:
		break;
	}
}

/* ---- text --------------------------------------------------------------------------------------- */

const char *situation_text(const struct situation *situation)
{
	static const char *const instances[] = { [AT_NS] = "the normal world",
						 [AT_S1UP] = "S-EL1 UP",
						 [AT_S1MP] = "S-EL1 MP",
						 [AT_S0] = "S-EL0" };
	static const char *const models[] = { [0] = "no model",
					      [IN_INIT] = "INIT",
					      [IN_RUN] = "RUN",
					      [IN_DIRECT] = "DIRECT",
					      [IN_INTERRUPT] = "INTERRUPT" };
	static char text[128];

	snprintf(text, sizeof(text), "%s %08x at %s, 1.%u, in %s",
		 situation->expectation == NULL ? "number" : situation->expectation->name,
		 situation->fid, instances[situation->instance], situation->minor,
		 models[situation->model]);
	return text;
}
