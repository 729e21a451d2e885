/* SPDX-License-Identifier: BSD-3-Clause */
/* The bench partition, at S-EL1 and S-EL0: echoes, and repeats calls of its own between marks. */
#include "abi/ffa_memory.h"
#include "bench/command.h"
#include "bench/mark.h"
#include "sdk/ffa.h"
#include "sdk/partition.h"
#include "sdk/timer.h"

static uint8_t rx_buffer[FFA_PAGE_SIZE] __attribute__((aligned(4096)));
static uint8_t tx_buffer[FFA_PAGE_SIZE] __attribute__((aligned(4096)));
static unsigned next_notification;

void partition_start(void)
{
}

/** A call that has to succeed. */
static bool simple_call(struct ffa_regs regs)
{
	ffa_call(&regs);
	return (uint32_t)regs.x[0] == (uint32_t)FFA_SUCCESS_32;
}

static bool notification_set(uint16_t vm, uint32_t flags, uint64_t bits)
{
	return simple_call((struct ffa_regs){ { (uint32_t)FFA_NOTIFICATION_SET_32,
						FFA_ENDPOINTS(partition.id, vm), flags,
						(uint32_t)bits, bits >> 32 } });
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
	case REPEAT_NOTIFICATION_SET:
		*regs = (struct ffa_regs){
			{ (uint32_t)FFA_NOTIFICATION_SET_32, endpoints, 2,
			  next_notification < 32 ? 1U << next_notification : 0,
			  next_notification < 32 ? 0 : 1U << (next_notification - 32) }
		};
		next_notification = (next_notification + 1) % 64;
		ffa_call(regs);
		return (uint32_t)regs->x[0] == (uint32_t)FFA_SUCCESS_32;
	case REPEAT_NOTIFICATION_GET:
		*regs = (struct ffa_regs){ { (uint32_t)FFA_NOTIFICATION_GET_32, partition.id,
					     0x3 } };
		ffa_call(regs);
		return (uint32_t)regs->x[0] == (uint32_t)FFA_SUCCESS_32;
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

/** The request that fits what bench/client/memory.c sends; FFA_MEM_RELINQUISH's descriptor. */
static size_t compose_request(uint64_t handle, uint64_t kind)
{
	struct ffa_memory_header_v1_1 *header = (void *)tx_buffer;
	struct ffa_memory_access *access = (void *)(header + 1);

	*header = (struct ffa_memory_header_v1_1){
		.flags = (uint32_t)kind << FFA_MEMORY_FLAG_KIND_SHIFT,
		.handle = handle,
		.access_size = sizeof(*access),
		.access_count = 1,
		.access_offset = sizeof(*header),
	};
	*access = (struct ffa_memory_access){
		.receiver = partition.id,
		.permissions = kind == 1 ? FFA_MEMORY_DATA_RW
					 : FFA_MEMORY_DATA_RW | FFA_MEMORY_INSTRUCTION_NX,
	};
	return sizeof(*header) + sizeof(*access);
}

/** All fragments; RX is given back after each. */
static bool retrieve(uint64_t handle, uint64_t kind)
{
	size_t size = compose_request(handle, kind);
	struct ffa_regs regs = { { (uint32_t)FFA_MEM_RETRIEVE_REQ_32, size, size } };
	uint64_t total, received;

	MARK(MARK_START);
	ffa_call(&regs);
	total = regs.x[1];
	received = regs.x[2];
	if ((uint32_t)regs.x[0] != (uint32_t)FFA_MEM_RETRIEVE_RESP_32) {
		total = 0;
	}
	while (ffa_rx_release() == FFA_OK && received < total) {
		regs = (struct ffa_regs){ { (uint32_t)FFA_MEM_FRAG_RX_32, (uint32_t)handle,
					    handle >> 32, received } };
		ffa_call(&regs);
		if ((uint32_t)regs.x[0] != (uint32_t)FFA_MEM_FRAG_TX_32) {
			break;
		}
		received += regs.x[3];
	}
	MARK(MARK_STOP);
	return total != 0 && received == total;
}

static bool relinquish(uint64_t handle)
{
	struct {
		struct ffa_memory_relinquish head;
		uint16_t endpoint;
	} *descriptor = (void *)tx_buffer;
	bool good;

	descriptor->head = (struct ffa_memory_relinquish){ .handle = handle, .endpoint_count = 1 };
	descriptor->endpoint = partition.id;
	MARK(MARK_START);
	good = simple_call((struct ffa_regs){ { (uint32_t)FFA_MEM_RELINQUISH_32 } });
	MARK(MARK_STOP);
	return good;
}

/* ---- timer interrupts --------------------------------------------------------------------------- */

static volatile uint64_t interrupts_left;
static uint64_t due;

static void arm_timer(void)
{
	due += timer_ticks(BENCH_TIMER_US);
	timer_set(TIMER_PHYSICAL, due);
}

void partition_virq(unsigned context, uint32_t id, enum paravirt_pin pin)
{
	if (id != PARAVIRT_TIMER) {
		return; /* news of notifications */
	}
	if (--interrupts_left > 0) {
		arm_timer();
	}
}

/** The first comes when the client looks away. */
static bool take_timer_interrupts(uint64_t count)
{
	if (count == 0) {
		return interrupts_left == 0;
	}
	interrupts_left = count;
	due = timer_now(TIMER_PHYSICAL);
	if (paravirt_interrupt_enable(PARAVIRT_TIMER, PARAVIRT_IRQ) != 0) {
		return false;
	}
	partition_virqs_enable();
	arm_timer();
	return true;
}

/** What has to be done before something is measured. */
static bool prepare(enum bench_command command, uint64_t argument)
{
	bool good = true;

	switch (command) {
	case COMMAND_MAP:
		return ffa_rxtx_map((uintptr_t)tx_buffer, (uintptr_t)rx_buffer, 1) == FFA_OK;
	case COMMAND_BIND:
		return simple_call((struct ffa_regs){ { (uint32_t)FFA_NOTIFICATION_BIND_32,
							FFA_ENDPOINTS(argument, partition.id), 0,
							UINT32_MAX, UINT32_MAX } });
	case COMMAND_TAKE:
		good = simple_call((struct ffa_regs){
			{ (uint32_t)FFA_NOTIFICATION_GET_32, partition.id, 0xF } });
		return ffa_rx_release() == FFA_OK && good;
	case COMMAND_TIMER:
		return take_timer_interrupts(argument);
	case COMMAND_NOTIFY:
		for (uint16_t vm = 0; vm <= argument; vm++) {
			good &= notification_set(vm, 2, 1);
		}
		return good;
	default:
		return false;
	}
}

void partition_request(unsigned context, struct ffa_regs *message)
{
	bool large = (uint32_t)message->x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64;

	if (large) {
		return;
	}
	switch ((enum bench_command)message->x[3]) {
	case COMMAND_REPEAT:
		message->x[3] = call_often((enum bench_repeat)message->x[4], message->x[5],
					   (uint16_t)message->x[6]);
		break;
	case COMMAND_ECHO:
		break;
	case COMMAND_OPEN_VECTORS:
		vectors_open_to_el1();
		message->x[3] = 0;
		break;
	case COMMAND_SIMD:
		vectors_use_simd();
		break;
	case COMMAND_RETRIEVE:
		message->x[3] = retrieve(message->x[4], message->x[5]) ? 0 : 1;
		break;
	case COMMAND_RELINQUISH:
		message->x[3] = relinquish(message->x[4]) ? 0 : 1;
		break;
	default:
		message->x[3] = prepare((enum bench_command)message->x[3], message->x[4]) ? 0 : 1;
		break;
	}
}
