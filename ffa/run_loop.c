/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The run loop: a context runs until something stops it, then plain C decides what runs next. Takes no
 * locks itself. Every step ends with some context in pe->current; none waits for anything.
 */
#include "ffa/run_loop.h"

#include "abi/smccc.h"
#include "core/log.h"
#include "core/spmc.h"
#include "ffa/call.h"
#include "ffa/cycles.h"
#include "ffa/dispatch.h"
#include "ffa/el3.h"
#include "ffa/framework.h"
#include "ffa/interrupt.h"
#include "ffa/paravirt.h"
#include "ffa/power.h"

/** A call that no FF-A interface is: forwarded to EL3 if the manifest allows this partition to make it. */
static bool smc_is_allowed(const struct partition *partition, uint32_t fid)
{
	const struct vm_config *vm = &partition->config->vm;

	for (unsigned i = 0; i < vm->smc_count; i++) {
		if (vm->smc[i] == fid) {
			return true;
		}
	}
	return vm->smc_permissive;
}

/** x1-x6 as given, the partition's ID in x7[15:0] (SMCCC client ID); x0-x6 come back. */
static __attribute__((noinline)) void forward_smc(struct exec_ctx *ctx)
{
	uint64_t x[18] = { 0 };

	for (unsigned i = 0; i < 8; i++) {
		x[i] = ctx->arch.x[i];
	}
	x[7] = (x[7] & ~(uint64_t)0xFFFF) | ctx->endpoint->id;
	arch_smc(x);
	for (unsigned i = 0; i < 7; i++) {
		ctx->arch.x[i] = x[i];
	}
}

/** SMC, HVC or SVC of a partition. */
static inline void partition_call(struct pe *pe, struct exec_ctx *ctx, enum arch_conduit conduit)
{
	uint32_t fid = (uint32_t)ctx->arch.x[0];

	if (__builtin_expect(partition_state(ctx->partition) == PARTITION_ABORTED, 0)) {
		cycles_abort(pe, ctx);
	} else if (__builtin_expect(ffa_owns(fid), 1)) {
		ffa_dispatch(pe, ctx);
	} else if (conduit != ARCH_CONDUIT_SMC && paravirt_call(pe, ctx)) {
		return;
	} else if (conduit == ARCH_CONDUIT_SMC &&
		   smc_is_allowed(ctx->partition, fid & ~FFA_FID_SVE_HINT)) {
		forward_smc(ctx);
	} else {
		ctx->arch.x[0] = SMCCC_UNKNOWN;
	}
}

/** Group 0 is EL3's; it cannot take the interrupt itself while the secure world runs. False: it refused. */
static bool hand_over_group0(void)
{
	uint64_t x[18] = { FFA_EL3_INTR_HANDLE_32 };

	arch_smc(x);
	return (uint32_t)x[0] == FFA_SUCCESS_32 ||
	       arch_interrupt_group0_pending() == ARCH_INTERRUPT_NONE;
}

/**
 * EL3 does not take Group 0 interrupts from us (its SPMD is older than FF-A 1.2): it gets this one as soon as
 * the normal world runs, so @ctx is preempted for it. While nobody could resume @ctx, Group 0 waits.
 */
static void leave_group0(struct pe *pe, struct exec_ctx *ctx)
{
	if (!atomic_exchange_explicit(&pe->spmc->group0_refused, true, memory_order_relaxed)) {
		log_line(LOG_WARN, "interrupt", "EL3 refuses Group 0: left to the normal world");
	}
	if (pe->ns_masked) {
		arch_interrupt_mask_group0();
	} else {
		cycles_preempt(pe, ctx);
	}
}

/** FIQ: everything but Group 0 is the normal world's, which gets its PE back. */
static void serve_fiq(struct pe *pe, struct exec_ctx *ctx)
{
	if (arch_interrupt_group0_pending() != ARCH_INTERRUPT_NONE) {
		if (!hand_over_group0()) {
			leave_group0(pe, ctx);
		}
	} else if (ctx->partition != NULL) {
		interrupt_serve_ns(pe, ctx);
	}
}

/** Requests of EL3 itself and its partitions have such a sender; other calls hardly ever such a w1. */
static bool is_from_el3(const struct exec_ctx *ctx)
{
	return FFA_SENDER((uint32_t)ctx->arch.x[1]) >= FFA_ID_EL3_PARTITION_FIRST;
}

static __attribute__((noinline)) void serve_el3(struct pe *pe, struct exec_ctx *ctx)
{
	if (framework_is_message(ctx)) {
		framework_serve(pe, ctx);
	} else if (el3_is_request(ctx)) {
		el3_serve(pe, ctx);
	} else {
		ffa_dispatch(pe, ctx);
	}
}

/** What EL3 brought: a secure interrupt, a message of the SPMD, a call of the normal world. */
static void normal_world_call(struct pe *pe, struct exec_ctx *ctx)
{
	uint32_t fid = (uint32_t)ctx->arch.x[0];

	if (__builtin_expect(fid == FFA_INTERRUPT_32, 0)) {
		ctx->wide = false;
		complete(ctx, FFA_NORMAL_WORLD_RESUME_32, 0, 0, 0);
		interrupt_serve_secure(pe);
	} else if (__builtin_expect(is_from_el3(ctx), 0)) {
		serve_el3(pe, ctx);
	} else {
		ffa_dispatch(pe, ctx);
	}
}

/** Interrupts and faults: everything but a call. */
static __attribute__((noinline)) void serve_stop(struct pe *pe, struct exec_ctx *ctx,
						 enum arch_exit_reason reason)
{
	switch (reason) {
	case ARCH_EXIT_CALL:
		break;
	case ARCH_EXIT_IRQ:
		interrupt_serve_secure(pe);
		break;
	case ARCH_EXIT_FIQ:
		serve_fiq(pe, ctx);
		break;
	case ARCH_EXIT_WAIT:
		cycles_wait(pe, ctx);
		break;
	case ARCH_EXIT_TIMER:
		interrupt_timers_written(pe, ctx);
		break;
	case ARCH_EXIT_FATAL:
		cycles_abort(pe, ctx);
		break;
	}
}

/** Who would run next though its partition has ended on another PE is stopped. Bounded by the chain. */
static void stop_ended(struct pe *pe)
{
	while (pe->current->partition != NULL &&
	       partition_state(pe->current->partition) == PARTITION_ABORTED) {
		cycles_abort(pe, pe->current);
	}
}

/** What is to be done when the normal world is about to run, or nothing is in the way; somebody else may run then. */
static __attribute__((noinline)) void run_errands(struct pe *pe)
{
	stop_ended(pe);
	if (pe->current->partition != NULL) {
		interrupt_deliver_postponed(pe);
		return;
	}
	pe->errands = false;
	if (pe->duty == DUTY_EL3_REQUEST) {
		pe_end_duty(pe);
	}
	interrupt_deliver_waiting(pe);
	if (pe->current->partition != NULL) {
		pe->errands |= pe->sri_delayed; /* another time */
	} else if (pe->sri_delayed) {
		pe->sri_delayed = false;
		arch_interrupt_raise_sri();
	}
}

/** Runs what is to run next on @pe until it stops, and serves it. In the loop itself: all calls pass here. */
static inline __attribute__((always_inline)) void step(struct pe *pe)
{
	struct exec_ctx *ctx = pe->current;
	struct arch_exit exit;

	if (__builtin_expect(pe->errands, 0)) {
		run_errands(pe);
		ctx = pe->current;
	}
	exit = arch_run(&pe->arch, &ctx->arch);
	if (__builtin_expect(exit.reason != ARCH_EXIT_CALL, 0)) {
		serve_stop(pe, ctx, exit.reason);
	} else if (ctx->partition == NULL) {
		normal_world_call(pe, ctx);
	} else {
		partition_call(pe, ctx, exit.conduit);
	}
}

void run_loop_step(struct pe *pe)
{
	step(pe);
}

_Noreturn void run_loop(struct pe *pe)
{
	for (;;) {
		step(pe);
	}
}
