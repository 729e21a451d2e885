/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the boot publishes for PEs that power up later: by MPIDR, their structure and their stack. Read by
 * entry.S, with the MMU on; immutable once the entry point is known to EL3.
 */
#include "arch/aarch64/secondary.h"

#include "arch/aarch64/boot_mmu.h"
#include "arch/aarch64/el2_table.h"
#include "arch/aarch64/layout.h"
#include "arch/aarch64/simd.h"
#include "arch/aarch64/sysreg.h"
#include "arch/arch.h"
#include "platform.h"

_Static_assert(PLATFORM_PE_MAX <= STACK_SLOT_BOOT, "a stack slot for each PE");
_Static_assert(sizeof(struct arch_vectors) + STACK_BYTES <= ARCH_PE_PAGES * PAGE_BYTES,
	       "memory of a PE");

struct secondary secondary_table[PLATFORM_PE_MAX];
uint32_t secondary_count;

extern const char secondary_entry[]; /* entry.S */

paddr_t arch_secondary_entry(void)
{
	return arch_address(secondary_entry);
}

/** Maps the two pages at @pa as the stack of slot @index; returns the initial stack pointer. */
static uint64_t map_stack(unsigned index, uint64_t pa)
{
	uint64_t top = STACKS_BASE + (uint64_t)(index + 1) * STACK_SLOT_BYTES;
	uint64_t *table = el2_last_table(STACKS_BASE); /* made at boot */
	size_t first = (top - STACK_BYTES - STACKS_BASE) / PAGE_BYTES;

	for (unsigned i = 0; i < STACK_BYTES / PAGE_BYTES; i++) {
		table[first + i] = el2_page(pa + (uint64_t)i * PAGE_BYTES, EL2_DATA);
	}
	return top;
}

/** See arch.h. */
void arch_secondary_prepare(struct arch_pe *first, size_t stride, const uint64_t *mpidr,
			    unsigned count, struct page_range memory)
{
	if (count > PLATFORM_PE_MAX) {
		count = PLATFORM_PE_MAX;
	}
	for (unsigned i = 0; i < count; i++) {
		uint64_t pa = memory.base.pa + (uint64_t)i * ARCH_PE_PAGES * PAGE_BYTES;
		struct arch_pe *pe = (struct arch_pe *)((uintptr_t)first + i * stride);

		pe->vectors = arch_pointer(paddr(pa + STACK_BYTES));
		pe->vectors->form = VECTORS_NOTHING;
		secondary_table[i] = (struct secondary){ .mpidr = mpidr[i],
							 .pe = pe,
							 .stack = map_stack(i, pa) };
	}
	__asm__ volatile("dsb ishst" ::
				 : "memory"); /* tables visible to the walks of PEs that come up */
	secondary_count = count;
	dsb_sy(); /* all of it before EL3 learns the entry point */
}
