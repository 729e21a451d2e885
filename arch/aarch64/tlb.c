/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing live translation tables of partitions and removing them from the TLBs of all PEs (Arm ARM, D8.16).
 * Takes no locks; the caller holds that of the space.
 *
 * Stage 2 and EL1&0: operations act on the VMID in VTTBR_EL2, and only while HCR_EL2.TGE is 0; both
 * registers are put back. EL2&0, where S-EL0 partitions are: operations name the ASID, or take everything,
 * EL2's own entries included. (ASIDE1IS would need TGE to be 1.)
 */
#include "arch/aarch64/tlb.h"

#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/aarch64/tlbi.h"
#include "arch/arch.h"

#define IPA_NON_SECURE (UINT64_C(1) << 63) /* IPAS2E1IS, RIPAS2E1IS */
#define ASID_MASK (UINT64_C(0xffff) << 48) /* VAE2IS, RVAE2IS; as in TTBR0_EL2 */

/* Operands of the range operations: [46] granule 4 KiB, [45:44] SCALE, [43:39] NUM, [36:0] page. */
#define RANGE_GRANULE_4K (UINT64_C(1) << 46)
#define RANGE_SCALE_SHIFT 44U
#define RANGE_NUM_SHIFT 39U
#define RANGE_PAGE_MASK ((UINT64_C(1) << 37) - 1)

enum {
	RANGE_NUM_COUNT = 32,
	RANGE_SCALE_COUNT = 4,

	/* Without range operations: beyond this, everything of the partition goes. */
	PAGE_LOOP_MAX = 16,
};

bool arch_errata_tlbi_twice;

/** FEAT_TLBIRANGE: ID_AA64ISAR0_EL1.TLB, bits 59:56. */
static bool has_range_operations(void)
{
	return id_field(read_id_aa64isar0_el1(), 56) >= 2;
}

/* ---- the regime that operations act on ---------------------------------------------------------- */

/* What a maintenance sequence changed and puts back. */
struct regime {
	uint64_t hcr;
	uint64_t vttbr;
};

/** Makes EL1&0 operations act on the VMID of @root. */
static struct regime regime_enter(const struct arch_space_root *root)
{
	struct regime before = { .hcr = read_hcr_el2(), .vttbr = read_vttbr_el2() };

	if ((before.hcr & HCR_TGE) != 0) {
		write_hcr_el2(before.hcr & ~HCR_TGE);
	}
	if (root->vttbr != before.vttbr) {
		write_vttbr_el2(root->vttbr);
	}
	isb(); /* TGE and VMID in force before the TLBI that depends on them */
	return before;
}

static void regime_leave(const struct arch_space_root *root, struct regime before)
{
	if (root->vttbr != before.vttbr) {
		write_vttbr_el2(before.vttbr);
	}
	if ((before.hcr & HCR_TGE) != 0) {
		write_hcr_el2(before.hcr);
	}
	isb(); /* both in force again; the TLBI complete for this PE's own fetches */
}

/* ---- operations --------------------------------------------------------------------------------- */

/** True when one range operation covers @page_count pages. */
static bool fits_range_operation(uint64_t page_count)
{
	return page_count <= (uint64_t)RANGE_NUM_COUNT << (5 * (RANGE_SCALE_COUNT - 1) + 1);
}

/** Operand for at least @page_count pages from @address on, with the finest scale that can say so. */
static uint64_t range_operand(uint64_t address, uint64_t page_count)
{
	unsigned scale = 0;
	uint64_t units;

	while (page_count > (uint64_t)RANGE_NUM_COUNT << (5 * scale + 1)) {
		scale++;
	}
	units = (page_count + (UINT64_C(2) << (5 * scale)) - 1) >> (5 * scale + 1);
	return RANGE_GRANULE_4K | (uint64_t)scale << RANGE_SCALE_SHIFT |
	       (units - 1) << RANGE_NUM_SHIFT | ((address >> PAGE_SHIFT) & RANGE_PAGE_MASK);
}

/** Stage 2: first what was cached by IPA, then what was cached of both stages together. */
static void invalidate_stage2(uint64_t address, uint64_t page_count, enum world world)
{
	uint64_t space = world == WORLD_NON_SECURE ? IPA_NON_SECURE : 0;

	if (page_count > 1 && has_range_operations() && fits_range_operation(page_count)) {
		tlbi_ripas2e1is(space | range_operand(address, page_count));
	} else if (page_count <= PAGE_LOOP_MAX) {
		for (uint64_t i = 0; i < page_count; i++) {
			tlbi_ipas2e1is(space | ((address >> PAGE_SHIFT) + i));
		}
	} else {
		tlbi_vmalls12e1is();
		dsb_ish(); /* TLBI complete on all PEs */
		return;
	}
	dsb_ish(); /* stage 2 gone before the combined entries, or they could be made anew from it */
	tlbi_vmalle1is();
	dsb_ish(); /* TLBI complete on all PEs */
}

static void invalidate_stage1(uint64_t asid, uint64_t address, uint64_t page_count)
{
	if (page_count > 1 && has_range_operations() && fits_range_operation(page_count)) {
		tlbi_rvae2is(asid | range_operand(address, page_count));
	} else if (page_count <= PAGE_LOOP_MAX) {
		for (uint64_t i = 0; i < page_count; i++) {
			tlbi_vae2is(asid | ((address >> PAGE_SHIFT) + i));
		}
	} else {
		tlbi_alle2is();
	}
	dsb_ish(); /* TLBI complete on all PEs */
}

/* ---- the contract ------------------------------------------------------------------------------- */

void arch_pte_publish(void)
{
	dsb_ishst(); /* table writes visible to the walks of all PEs; an ERET follows before they are used */
}

/**
 * See arch.h. More than was asked for may go, never less.
 *
 * @address     page-aligned, within the input addresses.
 * @page_count  not 0.
 */
void arch_tlb_invalidate(const struct arch_space_root *root, ipaddr_t address, uint64_t page_count,
			 enum world world)
{
	bool stage1 = root->ttbr0 != 0;
	struct regime before = { 0 };

	if (!stage1) {
		before = regime_enter(root);
	}
	dsb_ishst(); /* table write visible before TLBI */
	for (unsigned times = arch_errata_tlbi_twice ? 2 : 1; times > 0; times--) {
		if (stage1) {
			invalidate_stage1(root->ttbr0 & ASID_MASK, address.ipa, page_count);
		} else {
			invalidate_stage2(address.ipa, page_count, world);
		}
	}
	if (!stage1) {
		regime_leave(root, before);
	}
}
