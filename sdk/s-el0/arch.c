/* SPDX-License-Identifier: BSD-3-Clause */
/* S-EL0: the SPMC keeps the tables; there is one context. */
#include "sdk/arch.h"
#include "sdk/partition.h"

extern char __image_start[];

uint64_t arch_image_base(void)
{
	return (uintptr_t)__image_start;
}

void arch_map_partition(void)
{
}

void arch_map_secondary(void)
{
}

enum ffa_status arch_register_secondary(void)
{
	return FFA_NOT_SUPPORTED;
}

bool partition_map(uint64_t base, uint64_t page_count, uint32_t attributes, bool device)
{
	return true;
}

void partition_virqs_enable(void)
{
}

void partition_virqs_disable(void)
{
}

/** It was fetched for good when FFA_INTERRUPT told its ID. */
void partition_take_interrupts(unsigned context, const struct ffa_regs *message)
{
	partition_virq(context, (uint32_t)message->x[2], PARAVIRT_IRQ);
}
