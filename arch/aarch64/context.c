/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Machine state of contexts: at the start, and when one leaves its PE. Running them is run.S. Takes no
 * locks: a context belongs to whoever calls.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/run.h"
#include "arch/aarch64/simd.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"
#include "lib/string.h"

#define VMPIDR_RES1 REG_BIT(31)

_Static_assert(_Alignof(struct arch_context) == 16, "SP_EL2 points to it while it runs");

/**
 * See arch.h. With E2H and TGE set, EL0's own masks keep interrupts from EL2: an S-EL0 context has none,
 * and SCTLR_EL2.UMA keeps it from setting any. Those of S-EL1 do not concern EL2.
 */
void arch_context_reset(struct arch_context *context, const struct arch_space_root *space,
			uint64_t entry, uint64_t mpidr)
{
	struct arch_machine *machine = &context->machine;
	bool s_el0 = context->kind == ARCH_KIND_S_EL0;
	void *scalable = machine->scalable;

	memset(context->x, 0, sizeof(context->x));
	memset(context->timers, 0, sizeof(context->timers));
	memset(machine, 0, sizeof(*machine));
	if (scalable != NULL) {
		memset(scalable, 0, arch_context_sve_size());
		machine->scalable = scalable;
	}
	context->pc = entry;
	context->pstate = s_el0 ? PSTATE_EL0T : PSTATE_EL1H | PSTATE_DAIF;
	machine->el1.sctlr = SCTLR_EL1_RESET;
	machine->hcr = s_el0 ? HCR_S_EL0 : cpu_hcr_home();
	machine->cptr = CPTR_TRAP;
	machine->vttbr = space->vttbr;
	machine->vsttbr = space->vsttbr;
	machine->ttbr0 = space->ttbr0;
	machine->vmpidr = mpidr | VMPIDR_RES1;
	machine->space = space;
	machine->fault_edits = atomic_load_explicit(&space->edits, memory_order_relaxed);
}

/** See arch.h. */
void arch_context_park(struct arch_pe *pe, struct arch_context *context)
{
	if (pe->el1_live == &context->machine.el1) {
		run_save_el1(pe->el1_live);
		if (cpu_features.ras) {
			pe->el1_live->vdisr = read_vdisr_el2();
		}
		pe->el1_live = NULL;
	}
	if (pe->simd_owner == context) {
		simd_give_back(pe);
	}
}

/** See arch.h. S-EL0 has no lines: with TGE set, nobody is there to take them. */
void arch_context_set_lines(struct arch_context *context, bool irq, bool fiq)
{
	uint64_t hcr = context->machine.hcr & ~(HCR_VI | HCR_VF);

	if (context->kind == ARCH_KIND_S_EL1) {
		context->machine.hcr = hcr | (irq ? HCR_VI : 0) | (fiq ? HCR_VF : 0);
	}
}
