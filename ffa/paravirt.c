/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Para-virtual interrupt calls: HVC of S-EL1 and SVC of S-EL0 partitions, numbers of their own, not of FF-A.
 * Results are 0, or -1 where the call makes no sense. A context's virtual interrupts are its owner's; what
 * concerns the interrupt controller takes RANK_INTERRUPT.
 */
#include "ffa/paravirt.h"

#include "abi/paravirt.h"
#include "core/interrupt.h"
#include "core/spmc.h"
#include "ffa/interrupt.h"
#include "ffa/notification.h"

/** The bit of @id for @ctx; false: none of the SPMC's, and no interrupt of its partition. */
static bool find(const struct pe *pe, const struct exec_ctx *ctx, uint32_t id, enum virq_bit *bit)
{
	switch (id) {
	case VIRQ_TIMER:
		*bit = VIRQ_BIT_TIMER;
		return true;
	case VIRQ_MANAGED_EXIT:
		*bit = VIRQ_BIT_MANAGED_EXIT;
		return ctx->endpoint->instance != INSTANCE_S0;
	case VIRQ_NOTIFICATION:
		*bit = VIRQ_BIT_NOTIFICATION;
		return ctx->endpoint->instance != INSTANCE_S0;
	case VIRQ_IPI:
		*bit = VIRQ_BIT_IPI;
		return ctx->endpoint->instance != INSTANCE_S0;
	default:
		return interrupt_owner(pe->spmc, id, bit) == ctx->partition;
	}
}

/** x1: ID, x2: enable or disable, x3: line. */
static int64_t enable(struct pe *pe, struct exec_ctx *ctx, uint32_t id, bool enabled, uint32_t pin)
{
	enum virq_bit bit;

	if (!find(pe, ctx, id, &bit) || pin > PARAVIRT_FIQ) {
		return -1;
	}
	if (enabled) {
		ctx->virqs.fiq = pin == PARAVIRT_FIQ ? ctx->virqs.fiq | VIRQ_MASK(bit)
						     : ctx->virqs.fiq & ~VIRQ_MASK(bit);
	}
	if (bit >= VIRQ_BIT_PHYSICAL) {
		interrupt_enable(pe, ctx, bit, enabled);
	} else {
		virq_enable(&ctx->virqs, &ctx->arch, bit, enabled);
	}
	return 0;
}

/** The lowest ID that pends. What was fetched before has been dealt with. */
static uint32_t get(struct pe *pe, struct exec_ctx *ctx)
{
	enum virq_bit bit;

	notification_withdraw(ctx);
	interrupt_let_go_handled(pe, ctx);
	return virq_acknowledge(&ctx->virqs, &ctx->arch, &bit)
		       ? partition_virq_id(ctx->partition, bit)
		       : VIRQ_NONE;
}

/** x1, x2: the ID, twice. Deployed partitions do not look at the result, and not all call it: 0 in any case. */
static void deactivate(struct pe *pe, struct exec_ctx *ctx, uint32_t id)
{
	enum virq_bit bit;

	if (find(pe, ctx, id, &bit) && (ctx->virqs.handled & VIRQ_MASK(bit)) != 0) {
		ctx->virqs.handled &= ~VIRQ_MASK(bit);
		interrupts_let_go(pe->spmc, ctx, VIRQ_MASK(bit));
	}
}

/** A partition with one context, which migrates, can only ask for the PE it runs on. */
static int64_t set_target(struct pe *pe, struct partition *partition, enum virq_bit bit,
			  uint32_t pe_index)
{
	uint32_t intid = partition->interrupts[bit - VIRQ_BIT_PHYSICAL].config->id;

	if (pe_index >= pe->spmc->pe_count || !interrupt_is_shared(intid) ||
	    (!partition->multi_processor && pe_index != pe->index)) {
		return -1;
	}
	interrupt_set_home(pe->spmc, partition, bit, pe_index);
	return 0;
}

/** To give an interrupt to the normal world is for those whose manifest says that they may. */
static int64_t set_security(struct pe *pe, struct partition *partition, enum virq_bit bit,
			    uint32_t secure)
{
	if (secure > 1 || (secure == 0 && !partition->config->interrupts_may_be_non_secure)) {
		return -1;
	}
	interrupt_assign(pe, partition, bit, secure != 0);
	return 0;
}

/** x1: ID, x2: what, x3: value. */
static int64_t reconfigure(struct pe *pe, struct exec_ctx *ctx, uint32_t id, uint32_t what,
			   uint32_t value)
{
	enum virq_bit bit;

	if (!find(pe, ctx, id, &bit) || bit < VIRQ_BIT_PHYSICAL) {
		return -1;
	}
	switch (what) {
	case PARAVIRT_TARGET:
		return set_target(pe, ctx->partition, bit, value);
	case PARAVIRT_SECURITY:
		return set_security(pe, ctx->partition, bit, value);
	case PARAVIRT_ENABLED:
		if (value > 1) {
			return -1;
		}
		interrupt_enable(pe, ctx, bit, value != 0);
		return 0;
	default:
		return -1;
	}
}

bool paravirt_call(struct pe *pe, struct exec_ctx *ctx)
{
	uint64_t *x = ctx->arch.x;

	switch ((uint32_t)x[0]) {
	case PARAVIRT_INTERRUPT_ENABLE:
		x[0] = (uint64_t)enable(pe, ctx, (uint32_t)x[1], (uint32_t)x[2] != 0,
					(uint32_t)x[3]);
		return true;
	case PARAVIRT_INTERRUPT_GET:
		x[0] = get(pe, ctx);
		return true;
	case PARAVIRT_INTERRUPT_DEACTIVATE:
		deactivate(pe, ctx, (uint32_t)x[1]);
		x[0] = 0;
		return true;
	case PARAVIRT_INTERRUPT_RECONFIGURE:
		x[0] = (uint64_t)reconfigure(pe, ctx, (uint32_t)x[1], (uint32_t)x[2],
					     (uint32_t)x[3]);
		return true;
	case PARAVIRT_INTERRUPT_SEND_IPI:
		x[0] = interrupt_send_ipi(pe, ctx, x[1]) ? 0 : UINT64_MAX;
		return true;
	default:
		return false;
	}
}
