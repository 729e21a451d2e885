/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The PE: what it can do, what EL2 traps of those below, errata. Features are those of the primary PE;
 * the machines at hand have equal ones.
 */
#include "arch/aarch64/cpu.h"

#include "arch/aarch64/memory_attributes.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "arch/aarch64/table.h"
#include "arch/aarch64/tlb.h"
#include "arch/arch.h"
#include "lib/string.h"
#include "platform.h"

enum {
	FIRST_LEVEL = PLATFORM_ADDRESS_BITS > 39 ? 0 : 1,
	FEATURES_SIZE = 192,
	PMU_IMPLEMENTATION_DEFINED = 0xF,
};

#define MIDR_ARM 0x41U
#define MIDR_IMPLEMENTER(midr) ((unsigned)((midr) >> 24) & 0xFF)
#define MIDR_PART(midr) ((uint16_t)(((midr) >> 4) & 0xFFF))

struct cpu_features cpu_features;

/* ---- detection ---------------------------------------------------------------------------------- */

/*
 * CVE-2025-10263: stores under an old translation may be in flight after TLBI and DSB. A76, A76AE, A77,
 * A78, A78AE, A78C, A710, X1, X1C, X2, X3, X4, X925, N1, N2, V1, V2, V3, V3AE, C1-Ultra, C1-Premium.
 */
static const uint16_t tlbi_twice_parts[] = {
	0xD0B, 0xD0E, 0xD0D, 0xD41, 0xD42, 0xD4B, 0xD47, 0xD44, 0xD4C, 0xD48, 0xD4E,
	0xD82, 0xD85, 0xD0C, 0xD49, 0xD40, 0xD4F, 0xD84, 0xD83, 0xD8C, 0xD90,
};

static bool needs_tlbi_twice(uint64_t midr)
{
	for (size_t i = 0; i < sizeof(tlbi_twice_parts) / sizeof(tlbi_twice_parts[0]); i++) {
		if (MIDR_IMPLEMENTER(midr) == MIDR_ARM && MIDR_PART(midr) == tlbi_twice_parts[i]) {
			return true;
		}
	}
	return false;
}

void cpu_detect(void)
{
	struct cpu_features *f = &cpu_features;
	uint64_t pfr0 = read_id_aa64pfr0_el1();
	uint64_t pfr1 = read_id_aa64pfr1_el1();
	uint64_t mmfr0 = read_id_aa64mmfr0_el1();
	uint64_t mmfr1 = read_id_aa64mmfr1_el1();
	uint64_t mmfr2 = read_id_aa64mmfr2_el1();

	f->ras = id_field(pfr0, 28) != 0;
	f->sve = id_field(pfr0, 32) != 0;
	f->csv2 = id_field(pfr0, 56) != 0;
	f->csv3 = id_field(pfr0, 60) != 0;
	f->bti = id_field(pfr1, 0) != 0;
	f->ssbs = id_field(pfr1, 4) != 0;
	f->mte = id_field(pfr1, 8) != 0;
	f->sme = id_field(pfr1, 24) != 0;
	f->nmi = id_field(pfr1, 36) != 0;
	f->fpmr = id_field(read_id_aa64pfr2_el1(), 32) != 0;
	f->sme_fa64 = f->sme && (read_id_aa64smfr0_el1() >> 63) != 0;
	f->rndr = id_field(read_id_aa64isar0_el1(), 60) != 0;
	f->mops = id_field(read_id_aa64isar2_el1(), 16) != 0;
	f->fgt = id_field(mmfr0, 56) != 0;
	f->fgt2 = id_field(mmfr0, 56) >= 2;
	f->ecv = id_field(mmfr0, 60) != 0;
	f->pan = id_field(mmfr1, 20) != 0;
	f->tidcp1 = id_field(mmfr1, 52) != 0;
	f->hcx = id_field(mmfr1, 40) != 0;
	f->vmid16 = id_field(mmfr1, 4) != 0;
	f->s2fwb = id_field(mmfr2, 40) != 0;
	f->evt = id_field(mmfr2, 56) != 0;
	f->e0pd = id_field(mmfr2, 60) != 0;
	table_setup(
		(struct table_format){ .forced_write_back = f->s2fwb, .first_level = FIRST_LEVEL });
}

/* ---- traps -------------------------------------------------------------------------------------- */

uint64_t cpu_hcr_home(void)
{
	uint64_t hcr = HCR_S_EL1;

	hcr |= cpu_features.evt ? HCR_TID4 : HCR_TID2;
	hcr |= cpu_features.s2fwb ? HCR_FWB : 0;
	hcr |= cpu_features.mte ? HCR_TID5 : 0;
	return hcr;
}

/** Stage 2: both IPA spaces alike. Tables and outputs of the secure one are secure, NSA the other's not. */
static void init_stage2(void)
{
	uint64_t common = VTCR_T0SZ(PLATFORM_ADDRESS_BITS) | VTCR_SL0(FIRST_LEVEL) | VTCR_CACHED |
			  VTCR_RES1;
	uint64_t vtcr = common | VTCR_NSA;

	vtcr |= (uint64_t)cpu_output_size(read_id_aa64mmfr0_el1()) << VTCR_PS_SHIFT;
	vtcr |= cpu_features.vmid16 ? VTCR_VS : 0;
	write_vtcr_el2(vtcr);
	write_vstcr_el2(VTCR_T0SZ(PLATFORM_ADDRESS_BITS) | VTCR_SL0(FIRST_LEVEL) | VTCR_RES1);
}

/** All counters belong to EL2: HPMN is the number of them, other values are not allowed everywhere. */
static uint64_t monitor_control(void)
{
	unsigned version = id_field(read_id_aa64dfr0_el1(), 8);
	uint64_t counters = 0;

	if (version != 0 && version != PMU_IMPLEMENTATION_DEFINED) {
		counters = (read_pmcr_el0() >> 11) & MDCR_HPMN;
	}
	return MDCR_VALUE | counters;
}

/** Fine-grained traps: none; the bits of reverse polarity trap what is newer than this code. */
static void init_fine_grained_traps(void)
{
	if (cpu_features.fgt) {
		write_hfgrtr_el2(0);
		write_hfgwtr_el2(0);
		write_hfgitr_el2(0);
		write_hdfgrtr_el2(0);
		write_hdfgwtr_el2(0);
	}
	if (cpu_features.fgt2) {
		write_hfgrtr2_el2(0);
		write_hfgwtr2_el2(0);
		write_hfgitr2_el2(0);
		write_hdfgrtr2_el2(0);
		write_hdfgwtr2_el2(0);
	}
	if (cpu_features.hcx) {
		write_hcrx_el2(0);
	}
}

void cpu_init_traps(void)
{
	write_hcr_el2(cpu_hcr_home());
	write_cptr_el2(CPTR_TRAP);
	write_mdcr_el2(monitor_control());
	write_hstr_el2(0);
	write_cnthctl_el2(CNTHCTL_VALUE | (cpu_features.ecv ? CNTHCTL_EL1TVT : 0));
	write_cntvoff_el2(0);
	write_vpidr_el2(read_midr_el1());
	init_fine_grained_traps();
	init_stage2();
	if (needs_tlbi_twice(read_midr_el1())) {
		arch_errata_tlbi_twice = true;
	}
	isb(); /* before whatever depends on any of them */
}

/* ---- description -------------------------------------------------------------------------------- */

struct feature_text {
	char text[FEATURES_SIZE];
	size_t size;
};

static void add(struct feature_text *features, bool present, const char *name)
{
	size_t length = strlen(name);

	if (!present || features->size + length + 2 > sizeof(features->text)) {
		return;
	}
	if (features->size > 0) {
		features->text[features->size++] = ' ';
	}
	memcpy(features->text + features->size, name, length);
	features->size += length;
	features->text[features->size] = '\0';
}

/** See arch.h. What EL2 relies on or partitions may use; what a machine should have is named when it is not. */
const char *arch_features(void)
{
	static struct feature_text features;
	const struct cpu_features *f = &cpu_features;

	features.size = 0;
	add(&features, true, PLATFORM_NAME ": VHE");
	add(&features, f->e0pd, "E0PD");
	add(&features, !f->e0pd && !f->csv3, "(neither E0PD nor CSV3: S-EL0 may time EL2's map)");
	add(&features, f->pauth, "PAuth");
	add(&features, f->bti, "BTI");
	add(&features, f->mte, "MTE");
	add(&features, f->rndr, "RNDR");
	add(&features, f->trng, "TRNG");
	add(&features, !f->rndr && !f->trng,
	    "(neither RNDR nor TRNG: canary and keys from counter and address)");
	add(&features, f->s2fwb, "S2FWB");
	add(&features, f->fgt, "FGT");
	add(&features, f->ecv, "ECV");
	add(&features, f->mops, "MOPS");
	add(&features, f->evt, "EVT");
	add(&features, f->sve, "SVE");
	add(&features, f->sme, "SME");
	add(&features, arch_errata_tlbi_twice, "TLBI twice");
	return features.text;
}
