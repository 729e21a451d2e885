/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Framework messages (DEN0077A, "Framework messages"; platform contract with the SPMD): the normal
 * world's FFA_VERSION and power management. Only the SPMD may send them: EL3 keeps the normal world from
 * using its ID. They are no calls of the normal world and do not lock its version. Takes no locks.
 */
#include "ffa/framework.h"

#include "abi/smccc.h"
#include "ffa/call.h"
#include "ffa/cycles.h"
#include "ffa/setup.h"

static void refuse(struct exec_ctx *ctx)
{
	complete(ctx, FFA_ERROR_32, 0, (uint32_t)FFA_INVALID_PARAMETERS, 0);
}

static void answer(const struct pe *pe, struct exec_ctx *ctx, enum ffa_framework_message type,
		   uint32_t value)
{
	complete(ctx, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(pe->spmc->id, FFA_ID_SPMD),
		 FFA_FRAMEWORK_BIT | (uint32_t)type, value);
}

/**
 * CPU_OFF is always granted: EL3 cannot take a refusal. The contexts of this PE end with it and start
 * afresh when it comes back; UP contexts go on elsewhere.
 */
static uint32_t power_request(struct pe *pe, uint32_t function)
{
	if (function != PSCI_CPU_OFF) {
		return (uint32_t)PSCI_NOT_SUPPORTED;
	}
	cycles_stop_pe(pe);
	return PSCI_SUCCESS;
}

void framework_serve(struct pe *pe, struct exec_ctx *ctx)
{
	const uint64_t *x = ctx->arch.x;
	uint32_t argument = (uint32_t)x[3];

	ctx->wide = false;
	if (FFA_RECEIVER((uint32_t)x[1]) != pe->spmc->id) {
		refuse(ctx);
		return;
	}
	switch ((uint32_t)x[2]) {
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VERSION_REQ:
		answer(pe, ctx, FFA_FRAMEWORK_VERSION_RESP,
		       setup_negotiate_version(&pe->spmc->normal_world, argument));
		break;
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ:
		answer(pe, ctx, FFA_FRAMEWORK_PSCI_RESP, power_request(pe, argument));
		break;
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_WARM_BOOT_REQ:
		answer(pe, ctx, FFA_FRAMEWORK_PSCI_RESP, PSCI_SUCCESS);
		break;
	default:
		refuse(ctx);
	}
}
