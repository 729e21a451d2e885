/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU_OFF (DEN0077A, "Power management messages"; platform contract with the SPMD). EL3 cannot take a
 * refusal, so the PE always goes off. Before, partitions that subscribe are told, one after the other in
 * boot order: those with a context for each PE, if that of this PE waits. Each has POWER_BUDGET_NS; one that
 * refuses, hangs or ends is noted in the log, and the PE goes off all the same. Takes RANK_INTERRUPT.
 */
#include "ffa/power.h"

#include "abi/smccc.h"
#include "core/budget.h"
#include "core/interrupt.h"
#include "core/log.h"
#include "ffa/call.h"
#include "ffa/interrupt.h"

#define POWER_BUDGET_NS UINT64_C(100000000)

enum { POWER_MESSAGE_CPU_OFF = 0x1 }; /* bit of the manifest's power-management-messages */

/** The contexts of @pe end with it; they start afresh when it comes back. UP contexts go on elsewhere. */
static void end_contexts(struct pe *pe)
{
	struct spmc *spmc = pe->spmc;

	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];
		struct exec_ctx *ctx = partition_context(partition, pe->index);

		if (partition->multi_processor && ctx != NULL &&
		    exec_ctx_state(ctx) != CTX_ABORTED) {
			exec_ctx_forget_request(ctx);
			atomic_store_explicit(&ctx->state, CTX_OFF, memory_order_relaxed);
		}
	}
}

static void finish(struct pe *pe)
{
	pe_end_duty(pe);
	interrupt_power_down(pe);
	end_contexts(pe);
	complete(&pe->normal_world, FFA_MSG_SEND_DIRECT_RESP_32,
		 FFA_ENDPOINTS(pe->spmc->id, FFA_ID_SPMD),
		 FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP, PSCI_SUCCESS);
	pe->current = &pe->normal_world;
}

static bool wants_to_know(const struct partition *partition)
{
	return partition->multi_processor && partition_state(partition) == PARTITION_RUNNING &&
	       (partition->config->power_management_messages & POWER_MESSAGE_CPU_OFF) != 0;
}

/** Gives the message to @ctx, which was just claimed. */
static void tell(struct pe *pe, struct exec_ctx *ctx)
{
	ctx->model = MODEL_POWER;
	ctx->request = REQUEST_POWER;
	ctx->requester = pe->spmc->id;
	ctx->allocator = pe->spmc->id;
	complete(ctx, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(pe->spmc->id, ctx->endpoint->id),
		 FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ, PSCI_CPU_OFF);
	ctx->modes = ctx->own_modes | CTX_MASKS_NS;
	pe->current = ctx;
	budget_begin(pe, ctx, arch_ticks(POWER_BUDGET_NS));
}

void power_off_goes_on(struct pe *pe)
{
	struct spmc *spmc = pe->spmc;

	if (pe->timed != NULL) {
		(void)budget_end(pe); /* of the one before */
	}
	while (pe->duty_next < spmc->partition_count) {
		struct partition *partition = spmc->boot_order[pe->duty_next++];
		struct exec_ctx *ctx = partition_context(partition, pe->index);

		if (wants_to_know(partition) && ctx != NULL && pe_claim(pe, ctx, CTX_WAITING)) {
			tell(pe, ctx);
			return;
		}
	}
	finish(pe);
}

void power_off_pe(struct pe *pe)
{
	interrupts_not_ready(pe);
	pe_begin_duty(pe, DUTY_STOP);
	power_off_goes_on(pe);
}

void power_off_answered(struct pe *pe, struct exec_ctx *ctx, int32_t status)
{
	if (status != PSCI_SUCCESS) {
		log_line(LOG_WARN, "power", "0x%x %s: refuses CPU_OFF of PE %u (%d): it goes off",
			 ctx->endpoint->id, ctx->partition->config->name, pe->index, status);
	}
	exec_ctx_forget_request(ctx);
	interrupt_rest_waiting(pe, ctx);
	power_off_goes_on(pe);
}

/** The context is not heard of again: it ends with its PE. */
void power_off_expired(struct pe *pe, struct exec_ctx *ctx)
{
	log_line(LOG_WARN, "power", "0x%x %s: no answer to CPU_OFF of PE %u in %u ms: it goes off",
		 ctx->endpoint->id, ctx->partition->config->name, pe->index,
		 (unsigned)(POWER_BUDGET_NS / 1000000));
	exec_ctx_forget_request(ctx);
	pe_rest(pe, ctx, CTX_OFF);
	power_off_goes_on(pe);
}

/* ---- idle states -------------------------------------------------------------------------------- */

/**
 * EL3 keeps the registers of EL2; the configuration of the PE's interrupts and its timer are set anew. TF-A 2.12
 * sends no such message: the idle states of its QEMU port lose nothing.
 */
void power_resume_pe(struct pe *pe)
{
	arch_pe_resume(&pe->arch);
	interrupt_resume(pe);
}
