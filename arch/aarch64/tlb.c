/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writing live translation tables of partitions and removing them from the TLBs of all PEs (Arm ARM, D8.16).
 * Takes no locks; the caller holds that of the space.
 *
 * EL1&0 operations act on the VMID in VTTBR_EL2 and only while HCR_EL2.TGE is 0, operations by ASID on the
 * EL2&0 regime only while it is 1; both registers are put back. EL2 itself does not translate by either.
 */
#include "arch/aarch64/tlb.h"

#include "arch/arch.h"

#define HCR_TGE (UINT64_C(1) << 27)

#define IPA_NON_SECURE (UINT64_C(1) << 63) /* IPAS2E1IS, RIPAS2E1IS */
#define ASID_MASK (UINT64_C(0xffff) << 48) /* VAE2IS, RVAE2IS, ASIDE1IS; as in TTBR0_EL2 */

/* Operands of the range operations: [46] granule 4 KiB, [45:44] SCALE, [43:39] NUM, [36:0] page. */
#define RANGE_GRANULE_4K (UINT64_C(1) << 46)
#define RANGE_SCALE_SHIFT 44U
#define RANGE_NUM_SHIFT 39U
#define RANGE_PAGE_MASK ((UINT64_C(1) << 37) - 1)

enum {
	RANGE_NUM_COUNT = 32,
	RANGE_SCALE_COUNT = 4,
	PAGE_LOOP_MAX =
		16, /* without range operations: beyond this, everything of the partition goes */
};

bool arch_errata_tlbi_twice;

/* ---- registers ---------------------------------------------------------------------------------- */

#define READ(name)                                                \
	({                                                        \
		uint64_t value_;                                  \
		__asm__ volatile("mrs %0, " name : "=r"(value_)); \
		value_;                                           \
	})
#define WRITE(name, value) __asm__ volatile("msr " name ", %0" ::"r"((uint64_t)(value)) : "memory")
#define TLBI(name) __asm__ volatile("tlbi " name ::: "memory")
#define TLBI_X(name, operand) \
	__asm__ volatile("tlbi " name ", %0" ::"r"((uint64_t)(operand)) : "memory")

static void isb(void)
{
	__asm__ volatile("isb" ::: "memory");
}

static void dsb_ish(void)
{
	__asm__ volatile("dsb ish" ::: "memory");
}

static void dsb_ishst(void)
{
	__asm__ volatile("dsb ishst" ::: "memory");
}

/** FEAT_TLBIRANGE: ID_AA64ISAR0_EL1.TLB, bits 59:56. */
static bool has_range_operations(void)
{
	return ((READ("id_aa64isar0_el1") >> 56) & 0xf) >= 2;
}

/* What a maintenance sequence changed and puts back. */
struct regime {
	uint64_t hcr;
	uint64_t vttbr;
};

/** Makes operations act on the partition of @root: TGE, and the VMID for stage 2. */
static struct regime regime_enter(const struct arch_space_root *root)
{
	struct regime before = { .hcr = READ("hcr_el2"), .vttbr = READ("vttbr_el2") };
	bool stage1 = root->ttbr0 != 0;
	uint64_t hcr = stage1 ? before.hcr | HCR_TGE : before.hcr & ~HCR_TGE;
	bool changed = false;

	if (hcr != before.hcr) {
		WRITE("hcr_el2", hcr);
		changed = true;
	}
	if (!stage1 && root->vttbr != before.vttbr) {
		WRITE("vttbr_el2", root->vttbr);
		changed = true;
	}
	if (changed) {
		isb(); /* TGE and VMID in force before the TLBI that depends on them */
	}
	return before;
}

static void regime_leave(const struct arch_space_root *root, struct regime before)
{
	if (root->ttbr0 == 0 && root->vttbr != before.vttbr) {
		WRITE("vttbr_el2", before.vttbr);
	}
	if (READ("hcr_el2") != before.hcr) {
		WRITE("hcr_el2", before.hcr);
	}
	isb(); /* the registers above; and after TLBI and DSB, nothing prefetched under the old tables */
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
		/* RIPAS2E1IS */
		__asm__ volatile(
			"sys #4, c8, c0, #2, %0" ::"r"(space | range_operand(address, page_count))
			: "memory");
	} else if (page_count <= PAGE_LOOP_MAX) {
		for (uint64_t i = 0; i < page_count; i++) {
			TLBI_X("ipas2e1is", space | ((address >> PAGE_SHIFT) + i));
		}
	} else {
		TLBI("vmalls12e1is");
		dsb_ish(); /* TLBI complete on all PEs */
		return;
	}
	dsb_ish(); /* stage 2 gone before the combined entries, or they could be made anew from it */
	TLBI("vmalle1is");
	dsb_ish(); /* TLBI complete on all PEs */
}

static void invalidate_stage1(uint64_t asid, uint64_t address, uint64_t page_count)
{
	if (page_count > 1 && has_range_operations() && fits_range_operation(page_count)) {
		/* RVAE2IS */
		__asm__ volatile(
			"sys #4, c8, c2, #1, %0" ::"r"(asid | range_operand(address, page_count))
			: "memory");
	} else if (page_count <= PAGE_LOOP_MAX) {
		for (uint64_t i = 0; i < page_count; i++) {
			TLBI_X("vae2is", asid | ((address >> PAGE_SHIFT) + i));
		}
	} else {
		TLBI_X("aside1is", asid);
	}
	dsb_ish(); /* TLBI complete on all PEs */
}

/* ---- the contract ------------------------------------------------------------------------------- */

/** See arch.h. One 64-bit store: a table walk sees the old entry or the new one. */
void arch_pte_write(uint64_t *entry, uint64_t pte)
{
	__atomic_store_n(entry, pte, __ATOMIC_RELAXED);
}

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
	struct regime before = regime_enter(root);

	dsb_ishst(); /* table write visible before TLBI */
	for (unsigned times = arch_errata_tlbi_twice ? 2 : 1; times > 0; times--) {
		if (root->ttbr0 != 0) {
			invalidate_stage1(root->ttbr0 & ASID_MASK, address.ipa, page_count);
		} else {
			invalidate_stage2(address.ipa, page_count, world);
		}
	}
	regime_leave(root, before);
}
