/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The registers' view of a partition's address space, and the count of edits that lets the abort handler
 * tell a fault from a page that is missing for a moment. Takes no locks.
 */
#include "arch/arch.h"

#define VMID_SHIFT 48U /* VTTBR_EL2.VMID, TTBR0_EL2.ASID */

/**
 * Fills @root.
 *
 * @secure      first table; of the secure IPA space (stage 2) or of the only one (stage 1).
 * @non_secure  first table of the non-secure IPA space; stage 1 does not use it.
 * @id          VMID or ASID, not 0.
 */
void arch_space_root_init(struct arch_space_root *root, enum arch_space_kind kind, paddr_t secure,
			  paddr_t non_secure, uint16_t id)
{
	uint64_t tag = (uint64_t)id << VMID_SHIFT;
	bool stage2 = kind == ARCH_SPACE_STAGE2;

	root->vttbr = stage2 ? tag | non_secure.pa : 0;
	root->vsttbr = stage2 ? secure.pa : 0;
	root->ttbr0 = stage2 ? 0 : tag | secure.pa;
	atomic_init(&root->edits, 0);
}

/** The lock of the space makes edits follow one another. */
void arch_space_edit_begin(struct arch_space_root *root)
{
	/* Ordered before the first hidden entry by the DSB of the TLB maintenance that follows it. */
	atomic_fetch_add_explicit(&root->edits, 1, memory_order_relaxed);
}

void arch_space_edit_end(struct arch_space_root *root)
{
	/* release: pairs with the acquire in space_root_settle() */
	atomic_fetch_add_explicit(&root->edits, 1, memory_order_release);
}

/**
 * See space_root.h. Waits for a commit, which is bounded: it allocates nothing and takes no lock that is
 * held for long.
 */
void space_root_settle(const struct arch_space_root *root)
{
	/* acquire: pairs with the release in arch_space_edit_end() */
	while ((atomic_load_explicit(&root->edits, memory_order_acquire) & 1) != 0) {
		__asm__ volatile("yield");
	}
}
