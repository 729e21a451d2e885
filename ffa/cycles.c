/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU cycle management (DEN0077A, "CPU cycle management interfaces"): FFA_MSG_WAIT, FFA_YIELD, FFA_RUN,
 * FFA_INTERRUPT, FFA_ERROR; the start of contexts on a PE and their preemption. A partition's end is
 * ending.c's. Takes RANK_RX of the caller for the buffer that FFA_MSG_WAIT gives back.
 */
#include "ffa/cycles.h"

#include "core/call_chain.h"
#include "core/log.h"
#include "ffa/call.h"
#include "ffa/ending.h"
#include "ffa/interrupt.h"
#include "ffa/mem_end.h"
#include "ffa/notification.h"
#include "ffa/rx.h"

static uint32_t target_of(const struct exec_ctx *ctx)
{
	return FFA_TARGET(ctx->endpoint->id, ctx->index);
}

/* ---- start --------------------------------------------------------------------------------------- */

/** The context of @partition that has yet to start on @pe, or NULL. UP contexts start once, at boot. */
static struct exec_ctx *context_to_start(const struct partition *partition, const struct pe *pe)
{
	struct exec_ctx *ctx = partition_context(partition, pe->index);
	enum partition_state state = partition_state(partition);

	if (ctx == NULL || state == PARTITION_ABORTED || exec_ctx_state(ctx) != CTX_OFF) {
		return NULL;
	}
	return partition->multi_processor || state == PARTITION_CREATED ? ctx : NULL;
}

void cycles_start_next(struct pe *pe)
{
	struct spmc *spmc = pe->spmc;

	if (pe->duty != DUTY_START) {
		pe_begin_duty(pe, DUTY_START);
	}
	if (pe->timed != NULL) {
		(void)budget_end(pe); /* of the one before */
	}
	while (pe->duty_next < spmc->partition_count) {
		struct partition *partition = spmc->boot_order[pe->duty_next++];
		struct exec_ctx *ctx = context_to_start(partition, pe);

		if (ctx != NULL) {
			partition_context_start(partition, ctx, pe,
						partition_state(partition) == PARTITION_CREATED);
			pe->current = ctx;
			budget_begin(pe, ctx, partition->start_budget);
			return;
		}
	}
	pe_end_duty(pe);
	interrupts_ready(pe);
	atomic_store_explicit(&spmc->started, true, memory_order_relaxed);
	complete(&pe->normal_world, FFA_MSG_WAIT_32, 0, 0, 0);
	pe->current = &pe->normal_world;
}

/** The caller's start-up code is done: it waits for messages, the next one starts. */
static void finish_start(struct pe *pe, struct exec_ctx *ctx)
{
	struct partition *partition = ctx->partition;

	if (partition_state(partition) == PARTITION_CREATED) {
		log_line(LOG_INFO, "partition", "0x%x %s: up, vCPU %u", partition->endpoint.id,
			 partition->config->name, ctx->index);
		atomic_store_explicit(&partition->state, PARTITION_RUNNING, memory_order_relaxed);
	}
	ctx->model = MODEL_NONE;
	interrupt_rest_waiting(pe, ctx);
	cycles_start_next(pe);
}

/** The caller has handled its interrupt: whoever was interrupted goes on. */
static void finish_interrupt(struct pe *pe, struct exec_ctx *ctx)
{
	interrupt_leave(pe, ctx);
	exec_ctx_forget_request(ctx);
	interrupt_rest_waiting(pe, ctx);
}

/* ---- the calls ----------------------------------------------------------------------------------- */

enum ffa_status ffa_msg_wait(struct call *call)
{
	struct exec_ctx *ctx = call->ctx;
	uint32_t flags = call_w(call, 2);
	uint32_t known = call->version >= FFA_VERSION_1_2 ? FFA_MSG_WAIT_RETAIN_RX : 0;

	if (flags & ~known) {
		return FFA_INVALID_PARAMETERS;
	}
	if (call->refused) {
		return FFA_DENIED;
	}

	if (!(flags & FFA_MSG_WAIT_RETAIN_RX) &&
	    mailbox_rx_state(&ctx->endpoint->mailbox) != RX_EMPTY) {
		(void)rx_release(ctx->endpoint, ctx->endpoint->id);
	}
	if (ctx->model == MODEL_INIT) {
		finish_start(call->pe, ctx);
		return FFA_OK;
	}
	if (ctx->model == MODEL_INTERRUPT) {
		finish_interrupt(call->pe, ctx);
		return FFA_OK;
	}
	complete(call_chain_leave(call->pe, ctx), FFA_MSG_WAIT_32, 0, 0, 0);
	exec_ctx_forget_request(ctx);
	interrupt_rest_waiting(call->pe, ctx);
	return FFA_OK;
}

/** Leaves the cycles to whoever gave them; FFA_RUN brings @ctx back. */
static void yield(struct pe *pe, struct exec_ctx *ctx, uint32_t timeout_low, uint32_t timeout_high)
{
	virq_withdraw(&ctx->virqs, &ctx->arch, VIRQ_BIT_MANAGED_EXIT);
	interrupt_let_go_handled(pe, ctx);
	complete(call_chain_leave(pe, ctx), FFA_YIELD_32, target_of(ctx), timeout_low,
		 timeout_high);
	pe_rest(pe, ctx, CTX_YIELDED);
}

/** EL3 does not give cycles again: what handles a request of its partitions has to finish. */
static bool may_pause(const struct exec_ctx *ctx)
{
	return ctx->model == MODEL_RUN ||
	       (ctx->model == MODEL_DIRECT && !FFA_ID_IS_EL3_PARTITION(ctx->requester));
}

/** FFA_DENIED  while handling a direct request, before v1.2; while handling one of EL3's partitions. */
enum ffa_status ffa_yield(struct call *call)
{
	struct exec_ctx *ctx = call->ctx;
	bool timed = call->version >= FFA_VERSION_1_1;

	if (ctx->model == MODEL_DIRECT && (call->version < FFA_VERSION_1_2 || !may_pause(ctx))) {
		return FFA_DENIED;
	}
	if (ctx->model == MODEL_INTERRUPT) {
		return call_success(call, 0, 0); /* scheduled by the SPMC: nobody to yield to */
	}

	ctx->keep_registers = false;
	yield(call->pe, ctx, timed ? call_w(call, 2) : 0, timed ? call_w(call, 3) : 0);
	return FFA_OK;
}

void cycles_wait(struct pe *pe, struct exec_ctx *ctx)
{
	if (may_pause(ctx)) {
		ctx->keep_registers = true;
		yield(pe, ctx, 0, 0);
	}
}

/** The context that FFA_RUN names, as far as the numbers tell. */
static enum ffa_status find_target(const struct call *call, struct exec_ctx **target)
{
	uint16_t id = FFA_TARGET_ENDPOINT(call_w(call, 1));
	uint16_t vcpu = FFA_TARGET_VCPU(call_w(call, 1));
	struct partition *partition = spmc_partition(call->spmc, id);

	if (partition == NULL) {
		bool to_vm = !call_from_normal_world(call) && !(id & FFA_ID_SECURE_BIT);

		return to_vm ? FFA_DENIED : FFA_INVALID_PARAMETERS;
	}
	if (partition == call->ctx->partition || vcpu >= partition->context_count ||
	    (partition->multi_processor && vcpu != call->pe->index)) {
		return FFA_INVALID_PARAMETERS;
	}
	*target = &partition->contexts[vcpu];
	return FFA_OK;
}

/** Why a context in @state is not for FFA_RUN. */
static enum ffa_status run_refusal(const struct partition *partition, enum ctx_state state)
{
	if (partition_state(partition) == PARTITION_ABORTED || state == CTX_ABORTED) {
		return FFA_ABORTED;
	}
	switch (state) {
	case CTX_OFF:
		return partition_state(partition) == PARTITION_CREATED ? FFA_BUSY : FFA_DENIED;
	case CTX_BLOCKED:
		return FFA_DENIED; /* in a chain: FFA_INTERRUPT or FFA_YIELD named another one */
	default:
		return FFA_BUSY;
	}
}

/** Starts a waiting context with FFA_RUN as its message. */
static void run_waiting(const struct call *call, struct exec_ctx *target)
{
	target->model = MODEL_RUN;
	call_chain_enter(call->pe, call->ctx, target);
	notification_announce_if_any(target);
	complete(target, FFA_RUN_32, call_w(call, 1), 0, 0);
}

/** Lets a claimed context that was preempted or has yielded go on. */
static void run_resume(const struct call *call, struct exec_ctx *target, enum ctx_state from)
{
	call_chain_enter(call->pe, call->ctx, target);
	notification_announce_if_any(target);
	if (from == CTX_YIELDED && !target->keep_registers) {
		complete(target, FFA_SUCCESS_32, 0, 0, 0);
	}
}

/**
 * Resumes @target if it rests in @from. A partition may resume whom it gave cycles to; the normal world
 * schedules everybody, so that no partition can leave another one stranded.
 *
 * FFA_DENIED  the cycles came from somebody else than the calling partition.
 */
static enum ffa_status try_resume(const struct call *call, struct exec_ctx *target,
				  enum ctx_state from, bool *done)
{
	*done = pe_claim(call->pe, target, from);
	if (!*done) {
		return FFA_OK;
	}
	if (partition_has_ended(target->partition)) {
		pe_rest(call->pe, target, from);
		return FFA_ABORTED;
	}
	if (!call_from_normal_world(call) && target->allocator != call->ctx->endpoint->id) {
		pe_rest(call->pe, target, from);
		return FFA_DENIED;
	}
	run_resume(call, target, from);
	return FFA_OK;
}

/**
 * A partition that an interrupt took out of its call goes on with it, whichever callee it names.
 *
 * FFA_DENIED  it has not dealt with its interrupts.
 */
static enum ffa_status go_on_with_call(const struct call *call)
{
	if (virq_asserted(&call->ctx->virqs) != 0) {
		return FFA_DENIED;
	}
	interrupt_resume_callee(call->pe, call->ctx);
	return FFA_OK;
}

enum ffa_status ffa_run(struct call *call)
{
	struct exec_ctx *target;
	enum ffa_status status = find_target(call, &target);
	bool done;

	if (status != FFA_OK) {
		return status;
	}
	if (call->ctx->model == MODEL_CALLER) {
		return go_on_with_call(call);
	}
	status = try_resume(call, target, CTX_PREEMPTED, &done);
	if (done) {
		return status;
	}
	status = try_resume(call, target, CTX_YIELDED, &done);
	if (done) {
		return status;
	}
	if (!call_from_normal_world(call)) {
		status = run_refusal(target->partition, exec_ctx_state(target));
		return status == FFA_ABORTED ? status
					     : FFA_DENIED; /* a partition only resumes its callee */
	}
	if (!pe_claim(call->pe, target, CTX_WAITING)) {
		return run_refusal(target->partition, exec_ctx_state(target));
	}
	if (partition_has_ended(target->partition)) {
		pe_rest(call->pe, target, CTX_WAITING);
		return FFA_ABORTED;
	}

	run_waiting(call, target);
	return FFA_OK;
}

/** Partitions are told of interrupts, they do not tell. */
enum ffa_status ffa_interrupt(struct call *call)
{
	return FFA_DENIED;
}

/**
 * A partition's start has failed, whatever the code: from v1.3 on FFA_ABORT says so. Else: mem_cancel().
 */
enum ffa_status ffa_error(struct call *call)
{
	struct exec_ctx *ctx = call->ctx;

	if (ctx->model != MODEL_INIT) {
		return mem_cancel(call);
	}
	log_line(LOG_WARN, "partition", "0x%x %s: its start failed with FFA_ERROR %d",
		 ctx->endpoint->id, ctx->partition->config->name, (int32_t)call_w(call, 2));
	ending_of_partition(call->pe, ctx);
	return FFA_OK;
}

/* ---- interrupts, ends ---------------------------------------------------------------------------- */

void cycles_preempt(struct pe *pe, struct exec_ctx *ctx)
{
	complete(call_chain_leave(pe, ctx), FFA_INTERRUPT_32, target_of(ctx), 0, 0);
	pe_rest(pe, ctx, CTX_PREEMPTED);
}

void cycles_abort(struct pe *pe, struct exec_ctx *ctx)
{
	if (partition_state(ctx->partition) != PARTITION_ABORTED) {
		struct arch_fatal fatal = arch_fatal(&ctx->arch);

		log_line(LOG_WARN, "partition",
			 "0x%x %s: vCPU %u stopped: %s, address 0x%lx, pc 0x%lx, ESR 0x%lx",
			 ctx->endpoint->id, ctx->partition->config->name, ctx->index, fatal.what,
			 (unsigned long)fatal.address, (unsigned long)fatal.pc,
			 (unsigned long)fatal.syndrome);
	}
	ending_of_partition(pe, ctx);
}
