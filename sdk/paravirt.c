/* SPDX-License-Identifier: BSD-3-Clause */
/* Typed para-virtual calls; see paravirt.h. */
#include "sdk/paravirt.h"

static uint64_t call(uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct ffa_regs regs = { { function, x1, x2, x3 } };

	paravirt_call(&regs);
	return regs.x[0];
}

int64_t paravirt_interrupt_enable(uint32_t id, enum paravirt_pin pin)
{
	return (int64_t)call(PARAVIRT_INTERRUPT_ENABLE, id, 1, pin);
}

int64_t paravirt_interrupt_disable(uint32_t id)
{
	return (int64_t)call(PARAVIRT_INTERRUPT_ENABLE, id, 0, 0);
}

uint32_t paravirt_interrupt_get(void)
{
	return (uint32_t)call(PARAVIRT_INTERRUPT_GET, 0, 0, 0);
}

void paravirt_interrupt_deactivate(uint32_t id)
{
	(void)call(PARAVIRT_INTERRUPT_DEACTIVATE, id, id, 0);
}

int64_t paravirt_interrupt_reconfigure(uint32_t id, enum paravirt_reconfigure what, uint32_t value)
{
	return (int64_t)call(PARAVIRT_INTERRUPT_RECONFIGURE, id, what, value);
}

int64_t paravirt_send_ipi(uint32_t index)
{
	return (int64_t)call(PARAVIRT_INTERRUPT_SEND_IPI, index, 0, 0);
}
