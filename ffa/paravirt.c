/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Para-virtual interrupt calls: HVC of S-EL1 and SVC of S-EL0 partitions, numbers of their own, not of
 * FF-A. So far for the SPMC's own virtual interrupts; physical ones of partitions have no owners yet.
 * Takes no locks: a context's virtual interrupts are its owner's.
 */
#include "ffa/paravirt.h"

#include "core/endpoint.h"
#include "ffa/notification.h"

enum {
	INTERRUPT_ENABLE = 0xFF03,
	INTERRUPT_GET = 0xFF04,
	INTERRUPT_DEACTIVATE = 0xFF08,
	PIN_IRQ = 0,
	PIN_FIQ = 1,
};

/** IDs that any S-EL1 partition may enable. */
static bool is_own_interrupt(uint64_t id)
{
	return id == VIRQ_MANAGED_EXIT || id == VIRQ_NOTIFICATION;
}

/** x1: ID, x2: enable or disable, x3: line. Returns 0, or -1 where that makes no sense. */
static int64_t enable(struct exec_ctx *ctx, uint64_t id, uint64_t enabled, uint64_t pin)
{
	uint32_t bit;

	if (!is_own_interrupt(id) || pin > PIN_FIQ || ctx->endpoint->instance == INSTANCE_S0) {
		return -1;
	}
	bit = 1U << id;
	ctx->virqs.enabled = enabled != 0 ? ctx->virqs.enabled | bit : ctx->virqs.enabled & ~bit;
	if (enabled != 0) {
		ctx->virqs.fiq = pin == PIN_FIQ ? ctx->virqs.fiq | bit : ctx->virqs.fiq & ~bit;
	}
	virq_update_lines(&ctx->virqs, &ctx->arch);
	return 0;
}

bool paravirt_call(struct exec_ctx *ctx)
{
	uint64_t *x = ctx->arch.x;

	switch ((uint32_t)x[0]) {
	case INTERRUPT_ENABLE:
		x[0] = (uint64_t)enable(ctx, (uint32_t)x[1], (uint32_t)x[2], (uint32_t)x[3]);
		return true;
	case INTERRUPT_GET:
		notification_withdraw(ctx);
		x[0] = virq_acknowledge(&ctx->virqs, &ctx->arch);
		return true;
	case INTERRUPT_DEACTIVATE:
		x[0] = 0; /* nothing physical is ever active */
		return true;
	default:
		return false;
	}
}
