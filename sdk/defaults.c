/* SPDX-License-Identifier: BSD-3-Clause */
/* What a partition does about events its author did not care for. */
#include "abi/smccc.h"
#include "sdk/partition.h"

#define DEFAULT __attribute__((weak))

DEFAULT void partition_context_start(unsigned context)
{
}

DEFAULT void partition_run(unsigned context, const struct ffa_regs *message)
{
}

DEFAULT void partition_interrupt(unsigned context, const struct ffa_regs *message)
{
	partition_take_interrupts(context, message);
}

DEFAULT void partition_virq(unsigned context, uint32_t id, enum paravirt_pin pin)
{
}

DEFAULT void partition_negotiate(void)
{
	(void)ffa_version(partition.version);
}

DEFAULT void partition_framework(unsigned context, struct ffa_regs *message)
{
	uint64_t endpoints = message->x[1];
	uint32_t type = FFA_FRAMEWORK_TYPE(message->x[2]);

	*message = (struct ffa_regs){ {
		(uint32_t)FFA_MSG_SEND_DIRECT_RESP_32,
		FFA_ENDPOINTS(FFA_RECEIVER(endpoints), FFA_SENDER(endpoints)),
		FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP,
		PSCI_SUCCESS,
	} };
	if (type == FFA_FRAMEWORK_VM_CREATED_REQ || type == FFA_FRAMEWORK_VM_DESTROYED_REQ) {
		message->x[2] = FFA_FRAMEWORK_BIT | (type + 1);
	}
}

DEFAULT bool partition_exception(struct partition_exception *frame)
{
	partition_log("exception: ESR %#lx, ELR %#lx, FAR %#lx", frame->esr, frame->elr,
		      frame->far);
	return false;
}
