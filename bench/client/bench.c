/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bench client, in the place of the normal-world client: does each operation many times between
 * two marks (bench/mark.h) and tells the launcher by semihosting, in the order of the marks:
 *
 *   operation NAME COUNT            measured, COUNT operations
 *   failed NAME W0 W2               measured, but an answer was not the expected one
 *
 * The counts are the plugin's. Runs on one PE but for width.c.
 */
#include "abi/smccc.h"
#include "bench/client/client.h"
#include "bench/command.h"
#include "bench/mark.h"
#include "normal-world/console.h"
#include "normal-world/pe.h"
#include "normal-world/semihosting.h"
#include "sdk/ffa.h"
#include "sdk/text.h"
#include "sdk/timer.h"

#define OFTEN 64U
#define SELDOM 16U

#define DIRECT_32 ((uint32_t)FFA_MSG_SEND_DIRECT_REQ_32)
#define DIRECT_64 ((uint32_t)FFA_MSG_SEND_DIRECT_REQ_64)
#define ANSWER_32 ((uint32_t)FFA_MSG_SEND_DIRECT_RESP_32)
#define ANSWER_64 ((uint32_t)FFA_MSG_SEND_DIRECT_RESP_64)

_Noreturn void client_main(void);

static uint8_t rx_buffer[FFA_PAGE_SIZE] __attribute__((aligned(4096)));
uint8_t tx_buffer[FFA_PAGE_SIZE] __attribute__((aligned(4096)));
static unsigned failures;

/* Redistributor of PE 0 on QEMU's virt: disables SGIs and PPIs. */
#define GICR_ICENABLER0 (*(volatile uint32_t *)0x080B0180)
#define SGI_SRI 8U
struct ffa_regs last;

void tell(const char *name, unsigned count, bool good)
{
	char line[128];

	if (good) {
		(void)text_format(line, sizeof(line), "operation %s %u\n", name, count);
	} else {
		(void)text_format(line, sizeof(line), "failed %s %x %d\n", name,
				  (unsigned)last.x[0], (int)last.x[2]);
		failures++;
	}
	semihosting_write(line);
	console_write(line);
}

bool call(struct ffa_regs regs, uint32_t expected)
{
	ffa_call(&regs);
	last = regs;
	return (uint32_t)regs.x[0] == expected;
}

static bool simple(uint64_t function, uint64_t x1)
{
	return call((struct ffa_regs){ { function, x1 } }, (uint32_t)FFA_SUCCESS_32);
}

/* ---- the operations: each does one, and says whether it went as it should ---- */

static bool nothing(void)
{
	__asm__ volatile("" ::: "memory");
	return true;
}

static bool smccc_version(void)
{
	return !call((struct ffa_regs){ { SMCCC_VERSION } }, (uint32_t)SMCCC_UNKNOWN);
}

static bool id_get(void)
{
	return simple((uint32_t)FFA_ID_GET_32, 0);
}

static bool spm_id_get(void)
{
	return simple((uint32_t)FFA_SPM_ID_GET_32, 0);
}

static bool features(void)
{
	return simple((uint32_t)FFA_FEATURES_32, (uint32_t)FFA_RXTX_MAP_64);
}

static bool rx_release(void)
{
	return simple((uint32_t)FFA_RX_RELEASE_32, 0);
}

static bool rx_release_denied(void)
{
	return !rx_release() && ffa_status_of(&last) == FFA_DENIED;
}

static bool partition_info_get(void)
{
	return simple((uint32_t)FFA_PARTITION_INFO_GET_32, 0) && rx_release();
}

static bool partition_info_get_regs(void)
{
	return call((struct ffa_regs){ { (uint32_t)FFA_PARTITION_INFO_GET_REGS_64 } },
		    (uint32_t)FFA_SUCCESS_64);
}

static bool direct(uint16_t partition)
{
	return call((struct ffa_regs){ { DIRECT_64, partition, 0, COMMAND_ECHO } }, ANSWER_64);
}

static bool direct_sp1(void)
{
	return direct(BENCH_SP1);
}

static bool direct_sp3_up(void)
{
	return direct(BENCH_SP3_UP);
}

static bool direct_el0(void)
{
	return direct(BENCH_EL0);
}

/** Each message goes to another partition than the one before. */
static bool direct_in_turn(void)
{
	static bool second;

	second = !second;
	return direct(second ? BENCH_SP2 : BENCH_SP1);
}

static bool direct32_sp1(void)
{
	return call((struct ffa_regs){ { DIRECT_32, BENCH_SP1, 0, COMMAND_ECHO } }, ANSWER_32);
}

static bool direct2(uint16_t partition)
{
	return call((struct ffa_regs){ { (uint32_t)FFA_MSG_SEND_DIRECT_REQ2_64, partition } },
		    (uint32_t)FFA_MSG_SEND_DIRECT_RESP2_64);
}

static bool direct2_sp1(void)
{
	return direct2(BENCH_SP1);
}

static bool direct2_el0(void)
{
	return direct2(BENCH_EL0);
}

/* With live vector registers on both sides. The SVE hint says that the client has nothing beyond 128 bits. */

static bool direct_vectors(uint16_t partition, enum bench_command use, uint32_t hint)
{
	return call((struct ffa_regs){ { DIRECT_64 | hint, partition, 0, use } }, ANSWER_64);
}

static bool direct_sp1_simd(void)
{
	vectors_use_simd();
	return direct_vectors(BENCH_SP1, COMMAND_SIMD, FFA_FID_SVE_HINT);
}

static bool direct_el0_simd(void)
{
	vectors_use_simd();
	return direct_vectors(BENCH_EL0, COMMAND_SIMD, FFA_FID_SVE_HINT);
}

static bool direct_sp1_simd_of_sve(void)
{
	vectors_use_sve();
	return direct_vectors(BENCH_SP1, COMMAND_SIMD, 0);
}

/** A cycle for somebody who waits: it waits again at once. */
static bool run_sp1(void)
{
	return call((struct ffa_regs){ { (uint32_t)FFA_RUN_32, FFA_TARGET(BENCH_SP1, 0) } },
		    (uint32_t)FFA_MSG_WAIT_32);
}

static const struct operation {
	const char *name;
	unsigned count;
	bool (*once)(void);
} operations[] = {
	{ "empty_loop", OFTEN, nothing },
	{ "el3.smccc_version", OFTEN, smccc_version },
	{ "ffa.id_get", OFTEN, id_get },
	{ "ffa.spm_id_get", OFTEN, spm_id_get },
	{ "ffa.features", OFTEN, features },
	{ "ffa.rx_release_denied", OFTEN, rx_release_denied },
	{ "ffa.partition_info_get", SELDOM, partition_info_get },
	{ "ffa.partition_info_get_regs", SELDOM, partition_info_get_regs },
	{ "direct.sp1", OFTEN, direct_sp1 },
	{ "direct.sp3_up", OFTEN, direct_sp3_up },
	{ "direct.el0", OFTEN, direct_el0 },
	{ "direct.sp1_sp2_in_turn", OFTEN, direct_in_turn },
	{ "direct32.sp1", OFTEN, direct32_sp1 },
	{ "direct2.sp1", OFTEN, direct2_sp1 },
	{ "direct2.el0", OFTEN, direct2_el0 },
	{ "run.sp1", OFTEN, run_sp1 },
};

/** Twice to warm up, then between the marks. */
static void measure(const struct operation *operation)
{
	bool good = operation->once() && operation->once();

	MARK(MARK_START);
	for (unsigned i = 0; i < operation->count; i++) {
		good &= operation->once();
	}
	MARK(MARK_STOP);
	tell(operation->name, operation->count, good);
}

/* ---- notifications and indirect messages: each operation after what it needs, once ---- */

bool command(uint16_t partition, enum bench_command command, uint64_t argument)
{
	return call((struct ffa_regs){ { DIRECT_64, partition, 0, command, argument } },
		    ANSWER_64) &&
	       last.x[3] == 0;
}

static bool notification_call(uint32_t function, uint32_t w1, uint32_t w2, uint64_t bits)
{
	return call((struct ffa_regs){ { function, w1, w2, (uint32_t)bits, bits >> 32 } },
		    (uint32_t)FFA_SUCCESS_32);
}

/** Every VM, the normal world itself included, takes notification 0 from SP1, all of them by VM 0. */
static bool prepare_notifications(void)
{
	bool good = true;

	GICR_ICENABLER0 = 1U << SGI_SRI; /* it would preempt whoever runs */
	for (uint16_t vm = 0; vm <= BENCH_VM_LAST; vm++) {
		good &= notification_call((uint32_t)FFA_NOTIFICATION_BITMAP_CREATE_32, vm, 1, 0);
		good &= notification_call((uint32_t)FFA_NOTIFICATION_BIND_32,
					  FFA_ENDPOINTS(BENCH_SP1, vm), 0,
					  vm == 0 ? UINT64_MAX : 1);
	}
	return good && command(BENCH_SP1, COMMAND_BIND, 0) && command(BENCH_SP1, COMMAND_MAP, 0) &&
	       command(BENCH_SP2, COMMAND_MAP, 0);
}

static unsigned next_notification;

/** Another notification each time, none of them pending. */
static bool notification_set(void)
{
	uint64_t bit = 1ULL << next_notification++ % 64;

	return notification_call((uint32_t)FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(0, BENCH_SP1), 0,
				 bit);
}

static bool notification_get(void)
{
	return notification_call((uint32_t)FFA_NOTIFICATION_GET_32, 0, 0x1, 0);
}

static bool notify_all(void)
{
	return notification_get() && command(BENCH_SP1, COMMAND_NOTIFY, BENCH_VM_LAST);
}

static bool info_get(void)
{
	return call((struct ffa_regs){ { (uint32_t)FFA_NOTIFICATION_INFO_GET_64 } },
		    (uint32_t)FFA_SUCCESS_64);
}

static bool bind_unbind(void)
{
	uint32_t endpoints = FFA_ENDPOINTS(BENCH_SP2, 1);

	return notification_call((uint32_t)FFA_NOTIFICATION_BIND_32, endpoints, 0, 2) &&
	       notification_call((uint32_t)FFA_NOTIFICATION_UNBIND_32, endpoints, 0, 2);
}

static bool take(void)
{
	return command(BENCH_SP1, COMMAND_TAKE, 0);
}

/** A message of @size bytes to SP1. */
static bool send2(uint32_t size)
{
	struct ffa_message_header *header = (void *)tx_buffer;

	*header = (struct ffa_message_header){
		.offset = sizeof(*header),
		.endpoints = FFA_ENDPOINTS(0, BENCH_SP1),
		.size = size,
	};
	return simple((uint32_t)FFA_MSG_SEND2_32, 0);
}

static bool send2_64(void)
{
	return send2(64);
}

static bool send2_4000(void)
{
	return send2(4000);
}

static const struct operation vectors[] = {
	{ "direct.sp1.simd", OFTEN, direct_sp1_simd },
	{ "direct.el0.simd", OFTEN, direct_el0_simd },
	{ "direct.sp1.simd_of_sve", OFTEN, direct_sp1_simd_of_sve },
};

static const struct prepared {
	const char *name;
	bool (*prepare)(void);
	bool (*once)(void);
} prepareds[] = {
	{ "notification.info_get_64", notify_all, info_get },
	{ "notification.info_get_64.next", nothing, info_get },
	{ "send2.64", nothing, send2_64 },
	{ "send2.4000", take, send2_4000 },
};

static void measure_prepared(const struct prepared *prepared)
{
	bool good = prepared->prepare();

	MARK(MARK_START);
	good &= prepared->once();
	MARK(MARK_STOP);
	tell(prepared->name, 1, good);
}

static void wait_for_interrupts(unsigned count)
{
	uint64_t end = timer_now(TIMER_PHYSICAL) +
		       (count + 2) * (uint64_t)timer_ticks(BENCH_TIMER_US);

	while (timer_now(TIMER_PHYSICAL) < end) {
	}
}

/** A timer of SP1 fires @count times while this runs; all of them but the last set it again. */
static void measure_interrupts(const char *name, unsigned count)
{
	bool good = command(BENCH_SP1, COMMAND_TIMER, count);

	MARK(MARK_START);
	wait_for_interrupts(count);
	MARK(MARK_STOP);
	good &= command(BENCH_SP1, COMMAND_TIMER, 0);
	tell(name, count, good);
}

static const struct operation notifications[] = {
	{ "notification.bind_unbind", OFTEN, bind_unbind },
	{ "notification.set", OFTEN, notification_set },
	{ "notification.get", OFTEN, notification_get },
};

static const struct inside {
	const char *name;
	uint16_t partition;
	uint16_t peer;
	enum bench_repeat repeat;
} insides[] = {
	{ "sp.empty_loop", BENCH_SP1, 0, REPEAT_NOTHING },
	{ "sp.id_get", BENCH_SP1, 0, REPEAT_ID_GET },
	{ "sp.features", BENCH_SP1, 0, REPEAT_FEATURES },
	{ "el0.id_get", BENCH_EL0, 0, REPEAT_ID_GET },
	{ "direct.sp1_sp2", BENCH_SP1, BENCH_SP2, REPEAT_DIRECT },
	{ "direct2.sp1_sp2", BENCH_SP1, BENCH_SP2, REPEAT_DIRECT2 },
	{ "direct.sp1_sp3_up", BENCH_SP1, BENCH_SP3_UP, REPEAT_DIRECT },
	{ "direct.sp1_el0", BENCH_SP1, BENCH_EL0, REPEAT_DIRECT },
	{ "sp.notification_set", BENCH_SP1, 0, REPEAT_NOTIFICATION_SET },
	{ "sp.notification_get", BENCH_SP1, 0, REPEAT_NOTIFICATION_GET },
};

/** The partition sets the marks. When it does not answer, marks of our own keep the order. */
static void measure_inside(const struct inside *inside)
{
	bool good = call((struct ffa_regs){ { DIRECT_64, inside->partition, 0, COMMAND_REPEAT,
					      inside->repeat, OFTEN, inside->peer } },
			 ANSWER_64);

	if (!good) {
		MARK(MARK_START);
		MARK(MARK_STOP);
	} else if (last.x[3] != 0) {
		last.x[0] = last.x[3] - 1;
		good = false;
	}
	tell(inside->name, OFTEN, good);
}

static bool set_up(void)
{
	uint32_t version = ffa_version(FFA_VERSION_1_2);
	enum ffa_status status;

	if ((version & FFA_VERSION_INVALID_BIT) != 0) {
		print("bench: no FF-A, FFA_VERSION answers %x\n", version);
		return false;
	}
	status = ffa_rxtx_map((uintptr_t)tx_buffer, (uintptr_t)rx_buffer, 1);
	if (status != FFA_OK) {
		print("bench: FFA_RXTX_MAP answers %d\n", (int)status);
	}
	return status == FFA_OK;
}

_Noreturn void client_main(void)
{
	MARK(MARK_BOOT);
	pe_init();
	semihosting_init();
	if (!set_up()) {
		failures++;
	}
	for (unsigned i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		measure(&operations[i]);
	}
	measure_interrupts("interrupt.sp1", 1);
	measure_interrupts("interrupt.timer_sp1", OFTEN);
	if (!command(BENCH_SP1, COMMAND_OPEN_VECTORS, 0)) {
		tell("direct.sp1.simd", 0, false);
	}
	for (unsigned i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		measure(&vectors[i]);
	}
	if (!prepare_notifications()) {
		tell("notification", 0, false);
	}
	for (unsigned i = 0; i < sizeof(notifications) / sizeof(notifications[0]); i++) {
		measure(&notifications[i]);
	}
	for (unsigned i = 0; i < sizeof(insides) / sizeof(insides[0]); i++) {
		measure_inside(&insides[i]);
	}
	for (unsigned i = 0; i < sizeof(prepareds) / sizeof(prepareds[0]); i++) {
		measure_prepared(&prepareds[i]);
	}
	bench_memory();
	bench_width();
	semihosting_write("end\n");
	semihosting_exit(failures == 0 ? 0 : 1);
}
