/* SPDX-License-Identifier: BSD-3-Clause */
/* Hands the exceptions of an S-EL1 partition to its author's functions. */
#include "sdk/partition.h"

enum exception_kind {
	EXCEPTION_SYNCHRONOUS,
	EXCEPTION_IRQ,
	EXCEPTION_FIQ,
	EXCEPTION_SERROR,
	EXCEPTION_UNEXPECTED,
};

void sdk_exception(struct partition_exception *frame, enum exception_kind kind);

static unsigned current_context(void)
{
	uint64_t mpidr;

	if (partition.context_count == 1) {
		return 0;
	}
	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return (unsigned)(mpidr & 0xFF) + 16U * (unsigned)((mpidr >> 8) & 0xFF);
}

void partition_virqs_enable(void)
{
	__asm__ volatile("msr daifclr, #3" ::: "memory");
}

void partition_virqs_disable(void)
{
	__asm__ volatile("msr daifset, #3" ::: "memory");
}

/** Where exceptions are closed there is no other way to have them. */
void partition_take_interrupts(unsigned context, const struct ffa_regs *message)
{
	uint64_t masked;
	uint32_t id;

	(void)message;
	__asm__ volatile("mrs %0, daif" : "=r"(masked));
	if ((masked & 0xC0) == 0) {
		return;
	}
	while ((id = paravirt_interrupt_get()) != PARAVIRT_NONE) {
		partition_virq(context, id, PARAVIRT_IRQ);
	}
}

/** One at a time: the line stays asserted while others pend. */
static void take_virq(enum paravirt_pin pin)
{
	uint32_t id = paravirt_interrupt_get();

	if (id != PARAVIRT_NONE) {
		partition_virq(current_context(), id, pin);
	}
}

void sdk_exception(struct partition_exception *frame, enum exception_kind kind)
{
	if (kind == EXCEPTION_IRQ || kind == EXCEPTION_FIQ) {
		take_virq(kind == EXCEPTION_IRQ ? PARAVIRT_IRQ : PARAVIRT_FIQ);
		return;
	}
	if (kind != EXCEPTION_SYNCHRONOUS || !partition_exception(frame)) {
		partition_die();
	}
}
