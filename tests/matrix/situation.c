/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/matrix/situation.h"

#include "tests/matrix/memory.h"

#include <stdio.h>

enum {
	LAST_MINOR = 3,
	TARGET_OFFSET = 0x4000, /* of an instruction, and of a page that may be changed */
	INTERRUPT = 40, /* of SP1's */
	VM = 3,
	VCPU_COUNT = 8, /* of the normal world */
	NOTIFICATION = 0x10, /* one of the low half of a bitmap */
	GET_OF_PARTITIONS = 0x5, /* their bitmap, and the SPMC's */
};

#define VM_TX (NS_BASE + 0x2000)
#define VM_RX (NS_BASE + 0x3000)
#define PSCI_CPU_OFF 0x84000002
#define INTERRUPT_ENABLE 0xFF03
#define INTERRUPT_GET 0xFF04

uint16_t situation_caller(const struct situation *situation)
{
	return situation->instance == AT_NS ? NW : SP1;
}

/** The model after @model that callers at @instance can be in; 0: that was the last. */
static uint8_t next_model(uint8_t instance, uint8_t model)
{
	static const uint8_t models[] = { [AT_NS] = 0,
					  [AT_S1UP] = IN_USUAL | IN_CALLER,
					  [AT_S1MP] = IN_ALL,
					  [AT_S0] = IN_USUAL };
	uint8_t after = (uint8_t)(models[instance] & ~(2U * model - 1));

	return (uint8_t)(after & -after);
}

bool situation_next(struct situation *situation)
{
	if (situation->instance == 0) {
		situation->instance = AT_NS;
	} else if (situation->minor < LAST_MINOR) {
		situation->minor++;
	} else if (next_model(situation->instance, situation->model) != 0) {
		situation->minor = 0;
		situation->model = next_model(situation->instance, situation->model);
	} else {
		situation->minor = 0;
		situation->model = IN_INIT;
		situation->instance = (uint8_t)(situation->instance << 1);
	}
	return situation->instance <= AT_S0;
}

/* ---- the system --------------------------------------------------------------------------------- */

static uint32_t version_of(const struct situation *situation)
{
	return FFA_VERSION_OF(1, situation->minor);
}

static enum preparation preparation_of(const struct situation *situation)
{
	return situation->expectation == NULL ? NOTHING : situation->expectation->preparation;
}

/** SP1, of the caller's kind when that is a partition; its buffers' pages are writable data. */
static void add_caller(const struct situation *situation)
{
	static const enum instance kinds[] = { [AT_NS] = INSTANCE_S1UP,
					       [AT_S1UP] = INSTANCE_S1UP,
					       [AT_S1MP] = INSTANCE_S1MP,
					       [AT_S0] = INSTANCE_S0 };
	struct partition_config *config = system_add(SP1, kinds[situation->instance]);

	config->boot_order = 2;
	config->notification_support = true;
	config->power_management_messages = situation->instance == AT_S1MP ? 1 : 0;
	config->memory_regions[0] = (struct memory_region_config){
		.range = { .base = paddr(tx_of(SP1)), .page_count = 2 },
		.attributes = REGION_READ | REGION_WRITE,
		.inside_partition = true,
	};
	config->memory_region_count = 1;
	config->interrupts[0] = (struct interrupt_config){ .id = INTERRUPT, .secure = true };
	config->interrupt_count = 1;
	if (situation->instance != AT_NS) {
		config->ffa_version = version_of(situation);
	}
}

static void add_helper(const struct situation *situation)
{
	struct partition_config *config = system_add(SP2, INSTANCE_S1UP);

	config->boot_order = 1;
	config->notification_support = true;
	config->memory_regions[0] = (struct memory_region_config){
		.range = memory_of_helper(),
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	config->memory_region_count = 1;
	if (situation->minor > 2) {
		config->ffa_version = version_of(situation);
	}
}

/** What SP2 does in its start-up code. */
static void prepare_helper(const struct situation *situation)
{
	enum preparation wanted = preparation_of(situation);

	if (wanted == BOUND_TO_CALLER || wanted == NEWS) {
		CALL(SP2, FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(situation_caller(situation), SP2),
		     0, NOTIFICATION);
		CHECK_SUCCESS(SP2);
	}
	if (wanted == MESSAGE) {
		map_rxtx(SP2);
	}
	if (wanted >= DESCRIPTOR) {
		memory_prepare_helper(situation);
	}
}

/* ---- reaching ----------------------------------------------------------------------------------- */

static void send_request(const struct situation *situation)
{
	uint32_t number = FFA_FID_NUMBER(situation->fid);

	if (number == 0x8E && situation->minor >= 2) {
		CALL_WIDE(NW, FFA_MSG_SEND_DIRECT_REQ2_64, FFA_ENDPOINTS(NW, SP1));
	} else if (number == 0x70 && situation_is_64(situation)) {
		CALL(NW, FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(NW, SP1));
	} else {
		request(NW, SP1);
	}
}

/** SP1's interrupt comes while the normal world runs and it waits; it deals with it. */
static void interrupt_normal_world(const struct situation *situation)
{
	host_interrupt_raise(INTERRUPT);
	CALL(NW, FFA_INTERRUPT_32);
	CHECK_EQUAL(registers()[0], FFA_INTERRUPT_32);
	if (situation->instance != AT_S0) { /* which has it already */
		CALL_THROUGH(ARCH_CONDUIT_HVC, INTERRUPT_GET);
		CHECK_EQUAL(registers()[0], INTERRUPT);
	}
}

/** SP1's interrupt comes while it waits for SP2; it deals with it. */
static void interrupt_callee(void)
{
	CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	request(SP1, SP2);
	host_interrupt_raise(INTERRUPT);
	irq();
	CHECK_GOT(SP1, FFA_INTERRUPT_32);
	CALL_THROUGH(ARCH_CONDUIT_HVC, INTERRUPT_GET);
	CHECK_EQUAL(registers()[0], INTERRUPT);
}

/** Gives SP1 its cycles in the model wanted. */
static void reach_model(const struct situation *situation)
{
	if (situation->instance != AT_S0) { /* which has them enabled */
		CALL_THROUGH(ARCH_CONDUIT_HVC, INTERRUPT_ENABLE, INTERRUPT, 1, 0);
	}
	system_finish_start();
	if (situation->minor > 2) {
		nw_version(version_of(situation));
	}
	switch (situation->model) {
	case IN_DIRECT:
		send_request(situation);
		break;
	case IN_POWER:
		CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(SPMD, SPMC),
		     FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ, PSCI_CPU_OFF);
		break;
	case IN_INTERRUPT:
		interrupt_normal_world(situation);
		break;
	case IN_CALLER:
		interrupt_callee();
		break;
	default:
		CALL(NW, FFA_RUN_32, FFA_TARGET(SP1, 0));
	}
}

/* ---- preparing ---------------------------------------------------------------------------------- */

/** Lets SP2 yield in a request of the caller. */
static void leave_callee_yielded(uint16_t caller)
{
	request(caller, SP2);
	CALL(SP2, FFA_YIELD_32);
	CHECK_EQUAL(running(), caller);
}

static void prepare_buffers(uint16_t caller, enum preparation wanted)
{
	map_rxtx(caller);
	if (wanted == FULL_RX) {
		CALL(caller, FFA_PARTITION_INFO_GET_32);
		CHECK_EQUAL(registers()[0], FFA_SUCCESS_32);
	}
}

/** Notifications are of 1.1; without them the call is NOT_SUPPORTED anyway. */
static void prepare_notifications(const struct situation *situation, enum preparation wanted)
{
	uint16_t caller = situation_caller(situation);

	if (situation->minor < 1) {
		return;
	}
	if (caller == NW && wanted != NEWS) {
		CALL(NW, FFA_NOTIFICATION_BITMAP_CREATE_32, NW, VCPU_COUNT);
		CHECK_SUCCESS(NW);
	}
	if (wanted == BOUND) {
		CALL(caller, FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(SP2, caller), 0, NOTIFICATION);
		CHECK_SUCCESS(caller);
	}
	if (wanted == NEWS && caller == NW) {
		CALL(NW, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(NW, SP2), 0, NOTIFICATION);
		CHECK_SUCCESS(NW);
	}
}

/** The hypervisor maps buffers for one of its VMs. */
static void prepare_vm_buffers(void)
{
	struct {
		struct ffa_endpoint_rxtx endpoint;
		struct ffa_single_composite rx, tx;
	} described = {
		.endpoint = { .endpoint = VM, .rx_offset = 16, .tx_offset = 48 },
		.rx = { .page_count = 1, .range_count = 1, .range = { VM_RX, 1, 0 } },
		.tx = { .page_count = 1, .range_count = 1, .range = { VM_TX, 1, 0 } },
	};

	map_rxtx(NW);
	memcpy(host_ram(paddr(NS_TX)), &described, sizeof(described));
	CALL(NW, FFA_RXTX_MAP_64);
	CHECK_SUCCESS(NW);
}

/** An empty message to SP2, with the header of the caller's version. */
static void prepare_message(const struct situation *situation)
{
	uint16_t caller = situation_caller(situation);
	struct ffa_message_header header = {
		.offset = situation->minor < 2 ? FFA_MESSAGE_HEADER_SIZE_1_1
					       : sizeof(struct ffa_message_header),
		.endpoints = FFA_ENDPOINTS(caller, SP2),
	};

	map_rxtx(caller);
	memcpy(host_ram(paddr(caller == NW ? NS_TX : tx_of(caller))), &header, sizeof(header));
}

static void prepare(const struct situation *situation)
{
	enum preparation wanted = preparation_of(situation);

	switch (wanted) {
	case NOTHING:
	case BOUND_TO_CALLER: /* SP2 has done that */
		break;
	case BUFFERS:
	case FULL_RX:
		prepare_buffers(situation_caller(situation), wanted);
		break;
	case YIELDED_CALLEE:
		if (situation->model < IN_POWER) { /* else nobody can be called */
			leave_callee_yielded(situation_caller(situation));
		}
		break;
	case BITMAP:
	case BOUND:
	case NEWS:
		prepare_notifications(situation, wanted);
		break;
	case VM_BUFFERS:
		if (situation->instance == AT_NS) {
			prepare_vm_buffers();
		}
		break;
	case MESSAGE:
		prepare_message(situation);
		break;
	default:
		memory_prepare(situation);
	}
}

void situation_reach(const struct situation *situation)
{
	system_reset();
	add_caller(situation);
	add_helper(situation);
	system_build(1);
	system_begin();
	prepare_helper(situation);
	CALL(SP2, FFA_MSG_WAIT_32);
	CHECK_EQUAL(running(), SP1);
	if (situation->instance == AT_NS) {
		system_finish_start();
		nw_version(version_of(situation));
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
	case 0x7D:
		x[1] = caller;
		x[2] = VCPU_COUNT;
		break;
	case 0x7E:
		x[1] = caller;
		break;
	case 0x7F:
	case 0x80:
		x[1] = FFA_ENDPOINTS(SP2, caller);
		x[3] = NOTIFICATION;
		break;
	case 0x81:
		x[1] = FFA_ENDPOINTS(caller, SP2);
		x[3] = NOTIFICATION;
		break;
	case 0x82:
		x[1] = caller;
		x[2] = GET_OF_PARTITIONS;
		break;
	case 0x84:
		x[1] = VM;
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
		memory_arguments(situation, x);
	}
}

/* ---- text --------------------------------------------------------------------------------------- */

const char *situation_text(const struct situation *situation)
{
	static const char *const instances[] = { [AT_NS] = "the normal world",
						 [AT_S1UP] = "S-EL1 UP",
						 [AT_S1MP] = "S-EL1 MP",
						 [AT_S0] = "S-EL0" };
	static const char *const models[] = {
		[0] = "no model",       [IN_INIT] = "INIT",           [IN_RUN] = "RUN",
		[IN_DIRECT] = "DIRECT", [IN_INTERRUPT] = "INTERRUPT", [IN_POWER] = "POWER",
		[IN_CALLER] = "CALLER"
	};
	static char text[128];

	snprintf(text, sizeof(text), "%s %08x at %s, 1.%u, in %s",
		 situation->expectation == NULL ? "number" : situation->expectation->name,
		 situation->fid, instances[situation->instance], situation->minor,
		 models[situation->model]);
	return text;
}
