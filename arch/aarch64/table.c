/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Translation table descriptors of partitions (Arm ARM, D8.3): VMSAv8-64, 4 KiB granule, 48-bit output
 * addresses. Stage 2 for S-EL1; stage 1 of the EL2&0 regime for S-EL0. Pure functions, no locks; EL2's own
 * tables are made elsewhere.
 *
 * What an entry allows can be read back from it exactly. Whatever is asked for, an entry for non-secure or
 * device memory is never executable.
 */
#include "arch/aarch64/table.h"

#include "arch/aarch64/memory_attributes.h"
#include "arch/arch.h"

#define BIT(n) (UINT64_C(1) << (n))

/* Descriptor type, bits 1:0. */
#define PTE_TYPE UINT64_C(0x3)
#define PTE_VALID UINT64_C(0x1)
#define PTE_BLOCK UINT64_C(0x1) /* levels 1 and 2 */
#define PTE_TABLE UINT64_C(0x3) /* levels 0 to 2 */
#define PTE_PAGE UINT64_C(0x3) /* level 3 */

/* Leaves of both stages. */
#define PTE_INNER_SHAREABLE (UINT64_C(3) << 8)
#define PTE_ACCESSED BIT(10)

/* Stage 2. Bits 58:55 are software's; bit 55 is the Realm world's NS. */
#define S2_MEMATTR (UINT64_C(0xf) << 2)
#define S2_MEMATTR_DEVICE (UINT64_C(0x0) << 2) /* nGnRnE; 1 to 3: nGnRE, nGRE, GRE */
#define S2_MEMATTR_DEVICE_KIND (UINT64_C(0x3) << 2)
#define S2_MEMATTR_NON_CACHEABLE (UINT64_C(0x5) << 2) /* outer and inner; alike with S2FWB */
#define S2_MEMATTR_NORMAL (UINT64_C(0xf) << 2) /* outer and inner write-back */
#define S2_MEMATTR_NORMAL_FORCED (UINT64_C(0x6) << 2) /* write-back whatever stage 1 says (S2FWB) */
#define S2_READ BIT(6)
#define S2_WRITE BIT(7)
#define S2_EXECUTE_NEVER BIT(54) /* XN[1:0] = 0b10: neither EL1 nor EL0; 0b00: both */
#define S2_SOFTWARE_NON_SECURE BIT(56) /* in the table of the non-secure IPA space */

/* Both: bits 58:55 are software's. */
#define SOFTWARE_SHARED BIT(57)
#define SOFTWARE_BORROWED BIT(58)

/* Stage 1. */
#define S1_ATTRIBUTE_SHIFT 2U
#define S1_ATTRIBUTE (UINT64_C(7) << S1_ATTRIBUTE_SHIFT)
#define S1_NON_SECURE BIT(5)
#define S1_EL0 BIT(6) /* AP[1] */
#define S1_READ_ONLY BIT(7) /* AP[2] */
#define S1_NOT_GLOBAL BIT(11)
#define S1_PRIVILEGED_EXECUTE_NEVER BIT(53)
#define S1_USER_EXECUTE_NEVER BIT(54)

enum {
	LAST_LEVEL = 3,
	OUTPUT_BITS = 48,
};

static struct table_format format = { .forced_write_back = false, .first_level = 1 };

/** See table.h. Every table made before would be read wrongly afterwards: boot only. */
void table_setup(struct table_format wanted)
{
	format = wanted;
}

/** First level of lookup of partitions' tables. */
unsigned arch_space_first_level(void)
{
	return format.first_level;
}

static unsigned level_shift(unsigned level)
{
	return PAGE_SHIFT + 9 * (LAST_LEVEL - level);
}

/** Secure instruction fetch (SCR_EL3.SIF): nothing non-secure is executed; nor is a device. */
static bool may_execute(unsigned map)
{
	return (map & ARCH_MAP_EXECUTE) != 0 &&
	       (map & (ARCH_MAP_NON_SECURE | ARCH_MAP_DEVICE)) == 0;
}

/** 0 to 3: nGnRnE, nGnRE, nGRE, GRE. */
static uint64_t device_kind(unsigned map)
{
	return (map & ARCH_MAP_DEVICE_KIND) / ARCH_MAP_DEVICE_NGNRE;
}

static uint64_t software_bits(unsigned map)
{
	return ((map & ARCH_MAP_SHARED) != 0 ? SOFTWARE_SHARED : 0) |
	       ((map & ARCH_MAP_BORROWED) != 0 ? SOFTWARE_BORROWED : 0);
}

static uint64_t stage2_attributes(unsigned map)
{
	uint64_t pte = PTE_ACCESSED | software_bits(map);

	if ((map & ARCH_MAP_DEVICE) != 0) {
		pte |= S2_MEMATTR_DEVICE | device_kind(map) << 2;
	} else {
		pte |= PTE_INNER_SHAREABLE;
		if ((map & ARCH_MAP_NON_CACHEABLE) != 0) {
			pte |= S2_MEMATTR_NON_CACHEABLE;
		} else {
			pte |= format.forced_write_back ? S2_MEMATTR_NORMAL_FORCED
							: S2_MEMATTR_NORMAL;
		}
	}
	pte |= (map & ARCH_MAP_READ) != 0 ? S2_READ : 0;
	pte |= (map & ARCH_MAP_WRITE) != 0 ? S2_WRITE : 0;
	pte |= may_execute(map) ? 0 : S2_EXECUTE_NEVER;
	pte |= (map & ARCH_MAP_NON_SECURE) != 0 ? S2_SOFTWARE_NON_SECURE : 0;
	return pte;
}

/** Index of MAIR_EL2. */
static uint64_t stage1_attribute(unsigned map)
{
	if ((map & ARCH_MAP_DEVICE) != 0) {
		uint64_t kind = device_kind(map);

		return kind == 0 ? (uint64_t)MEMORY_DEVICE : MEMORY_DEVICE_NGNRE + kind - 1;
	}
	return (map & ARCH_MAP_NON_CACHEABLE) != 0 ? (uint64_t)MEMORY_NORMAL_NON_CACHEABLE
						   : (uint64_t)MEMORY_NORMAL;
}

static uint64_t stage1_attributes(unsigned map)
{
	uint64_t pte = PTE_ACCESSED | S1_NOT_GLOBAL | S1_EL0 | S1_PRIVILEGED_EXECUTE_NEVER |
		       software_bits(map) | stage1_attribute(map) << S1_ATTRIBUTE_SHIFT;

	pte |= (map & ARCH_MAP_DEVICE) != 0 ? 0 : PTE_INNER_SHAREABLE;
	pte |= (map & ARCH_MAP_WRITE) != 0 ? 0 : S1_READ_ONLY;
	pte |= may_execute(map) ? 0 : S1_USER_EXECUTE_NEVER;
	pte |= (map & ARCH_MAP_NON_SECURE) != 0 ? S1_NON_SECURE : 0;
	return pte;
}

/**
 * Makes the entry that maps a page or a block.
 *
 * @level    1, 2 or 3.
 * @address  multiple of the size that an entry of @level maps.
 * @map      enum arch_map with at least one access. Execute is dropped for non-secure and device memory;
 *           stage 1 always allows to read.
 */
uint64_t arch_pte_leaf(enum arch_space_kind kind, unsigned level, paddr_t address, unsigned map)
{
	uint64_t type = level == LAST_LEVEL ? PTE_PAGE : PTE_BLOCK;
	uint64_t attributes = kind == ARCH_SPACE_STAGE1 ? stage1_attributes(map)
							: stage2_attributes(map);

	return type | attributes | address.pa;
}

/** Makes the entry that points to the table at @next. */
uint64_t arch_pte_table(paddr_t next)
{
	return PTE_TABLE | next.pa;
}

/** True when @pte, found at @level, maps memory. */
bool arch_pte_is_leaf(uint64_t pte, unsigned level)
{
	if (level == LAST_LEVEL) {
		return (pte & PTE_TYPE) == PTE_PAGE;
	}
	return level > 0 && (pte & PTE_TYPE) == PTE_BLOCK;
}

/** Where @pte points: a table's address, or that of the memory that a leaf at @level maps. */
paddr_t arch_pte_address(uint64_t pte, unsigned level)
{
	unsigned shift = arch_pte_is_leaf(pte, level) ? level_shift(level) : PAGE_SHIFT;

	return paddr(pte & (BIT(OUTPUT_BITS) - BIT(shift)));
}

/**
 * @pte made invalid: no table walk uses it, and arch_pte_reveal() gives the original back, without the
 * contiguous hint.
 */
uint64_t arch_pte_hide(uint64_t pte)
{
	return pte & ~(PTE_VALID | ARCH_PTE_CONTIGUOUS);
}

/** The entry that was hidden; one that was not, and 0, are returned as they are. */
uint64_t arch_pte_reveal(uint64_t pte)
{
	return pte == 0 ? 0 : pte | PTE_VALID;
}

static unsigned software_map(uint64_t pte)
{
	return ((pte & SOFTWARE_SHARED) != 0 ? ARCH_MAP_SHARED : 0U) |
	       ((pte & SOFTWARE_BORROWED) != 0 ? ARCH_MAP_BORROWED : 0U);
}

static unsigned stage2_map(uint64_t pte)
{
	unsigned map = software_map(pte);

	map |= (pte & S2_READ) != 0 ? ARCH_MAP_READ : 0U;
	map |= (pte & S2_WRITE) != 0 ? ARCH_MAP_WRITE : 0U;
	map |= (pte & S2_EXECUTE_NEVER) == 0 ? ARCH_MAP_EXECUTE : 0U;
	map |= (pte & S2_SOFTWARE_NON_SECURE) != 0 ? ARCH_MAP_NON_SECURE : 0U;
	if ((pte & S2_MEMATTR & ~S2_MEMATTR_DEVICE_KIND) == S2_MEMATTR_DEVICE) {
		map |= ARCH_MAP_DEVICE;
		map |= (unsigned)((pte & S2_MEMATTR_DEVICE_KIND) >> 2) * ARCH_MAP_DEVICE_NGNRE;
	} else {
		map |= (pte & S2_MEMATTR) == S2_MEMATTR_NON_CACHEABLE ? ARCH_MAP_NON_CACHEABLE : 0U;
	}
	return map;
}

static unsigned stage1_type(uint64_t pte)
{
	uint64_t attribute = (pte & S1_ATTRIBUTE) >> S1_ATTRIBUTE_SHIFT;

	switch (attribute) {
	case MEMORY_DEVICE:
		return ARCH_MAP_DEVICE;
	case MEMORY_DEVICE_NGNRE:
	case MEMORY_DEVICE_NGRE:
	case MEMORY_DEVICE_GRE:
		return ARCH_MAP_DEVICE |
		       (unsigned)(attribute - MEMORY_DEVICE_NGNRE + 1) * ARCH_MAP_DEVICE_NGNRE;
	case MEMORY_NORMAL_NON_CACHEABLE:
		return ARCH_MAP_NON_CACHEABLE;
	default:
		return 0;
	}
}

static unsigned stage1_map(uint64_t pte)
{
	unsigned map = ARCH_MAP_READ | software_map(pte) | stage1_type(pte);

	map |= (pte & S1_READ_ONLY) == 0 ? ARCH_MAP_WRITE : 0U;
	map |= (pte & S1_USER_EXECUTE_NEVER) == 0 ? ARCH_MAP_EXECUTE : 0U;
	map |= (pte & S1_NON_SECURE) != 0 ? ARCH_MAP_NON_SECURE : 0U;
	return map;
}

/** What the leaf @pte at @level allows (enum arch_map): what it was made from, as arch_pte_leaf() says. */
unsigned arch_pte_map(enum arch_space_kind kind, uint64_t pte, unsigned level)
{
	(void)level; /* attributes lie alike at all levels */
	return kind == ARCH_SPACE_STAGE1 ? stage1_map(pte) : stage2_map(pte);
}
