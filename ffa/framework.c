/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Framework messages (DEN0077A, "Framework messages"; platform contract with the SPMD). From the SPMD, and
 * only from it (EL3 keeps the normal world from using its ID): the normal world's FFA_VERSION, power
 * management. They are no calls of the normal world and do not lock its version. From the hypervisor to
 * partitions that subscribe to them: a VM was created, a VM is gone. Takes no locks.
 */
#include "ffa/framework.h"

#include "abi/smccc.h"
#include "ffa/direct.h"
#include "ffa/power.h"
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
		       setup_answer_version(pe->spmc->normal_world, argument, (uint32_t)x[4]));
		break;
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ:
		if (argument == PSCI_CPU_SUSPEND_32 || argument == PSCI_CPU_SUSPEND_64) {
			/* all that a PE keeps of partitions while the normal world runs is in memory */
			answer(pe, ctx, FFA_FRAMEWORK_PSCI_RESP, PSCI_SUCCESS);
		} else if (argument == PSCI_CPU_OFF) {
			power_off_pe(pe);
		} else {
			answer(pe, ctx, FFA_FRAMEWORK_PSCI_RESP, (uint32_t)PSCI_NOT_SUPPORTED);
		}
		break;
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_WARM_BOOT_REQ:
		power_resume_pe(pe);
		answer(pe, ctx, FFA_FRAMEWORK_PSCI_RESP, PSCI_SUCCESS);
		break;
	default:
		refuse(ctx);
	}
}

/* ---- VM availability ---------------------------------------------------------------------------- */

enum { /* bits of the manifest's vm-availability-messages */
       VM_CREATED = 0x1,
       VM_DESTROYED = 0x2,
};

/** The message that @w2 is, and the subscription that it needs. */
static enum request_kind vm_message(uint32_t w2, uint8_t *subscription)
{
	switch (w2) {
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_CREATED_REQ:
		*subscription = VM_CREATED;
		return REQUEST_VM_CREATED;
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_DESTROYED_REQ:
		*subscription = VM_DESTROYED;
		return REQUEST_VM_DESTROYED;
	default:
		return REQUEST_NONE;
	}
}

enum request_kind framework_answered(uint32_t w2)
{
	switch (w2) {
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP:
		return REQUEST_POWER;
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_CREATED_RESP:
		return REQUEST_VM_CREATED;
	case FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VM_DESTROYED_RESP:
		return REQUEST_VM_DESTROYED;
	default:
		return REQUEST_NONE;
	}
}

/** The hypervisor itself says so, of a VM of its own, in the 32-bit form. */
static bool vm_message_is_genuine(const struct call *call)
{
	uint32_t vm = call_w(call, 5);

	return call_from_normal_world(call) && call->pe->duty == DUTY_NONE &&
	       (call->fid & FFA_FID_SMC64) == 0 &&
	       FFA_SENDER(call_w(call, 1)) == FFA_ID_NORMAL_WORLD && vm != FFA_ID_NORMAL_WORLD &&
	       vm < FFA_ID_SECURE_BIT;
}

/**
 * VM created, VM destroyed: handed on as it is, x3 and x4 name the creation of the VM, x5 the VM.
 *
 * FFA_INVALID_PARAMETERS  no such message, not from the hypervisor, to nobody who subscribes to it.
 * Statuses of direct_claim() besides.
 */
enum ffa_status framework_request(struct call *call)
{
	uint8_t subscription;
	enum request_kind kind = vm_message(call_w(call, 2), &subscription);
	struct partition *receiver;
	struct exec_ctx *target;
	enum ffa_status status;

	if (kind == REQUEST_NONE || !vm_message_is_genuine(call)) {
		return FFA_INVALID_PARAMETERS;
	}
	receiver = spmc_partition(call->spmc, FFA_RECEIVER(call_w(call, 1)));
	if (receiver == NULL || !(receiver->config->vm_availability_messages & subscription)) {
		return FFA_INVALID_PARAMETERS;
	}
	status = direct_claim(call, receiver, &target);
	if (status != FFA_OK) {
		return status;
	}

	direct_enter(call, target, kind, FFA_ID_NORMAL_WORLD);
	complete(target, call->fid, call_w(call, 1), call_w(call, 2), call_w(call, 3));
	target->arch.x[4] = call_w(call, 4);
	target->arch.x[5] = call_w(call, 5);
	return FFA_OK;
}
