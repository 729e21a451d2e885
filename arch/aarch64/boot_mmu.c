/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EL2's translation regime, made before the MMU is on: the tables for image and devices, and the values
 * of the registers that every PE loads (entry.S). Runs at physical addresses with caches off: no stack
 * protector, no pointers in static data, no unaligned access.
 */
#include "arch/aarch64/boot_mmu.h"

#include "arch/aarch64/cpu.h"
#include "arch/aarch64/el2_table.h"
#include "arch/aarch64/gicv3_chips.h"
#include "arch/aarch64/layout.h"
#include "arch/aarch64/memory_attributes.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/sysreg.h"
#include "platform.h"

struct boot_mmu boot_mmu __attribute__((section(".early")));

/** Maps a part of the image from where we see it now, one section at a time. */
static bool map_image(const char *start, const char *end, enum el2_access access)
{
	uint64_t pa = (uintptr_t)start & ~EL2_BASE;

	return el2_map(EL2_UPPER, EL2_BASE | pa, pa, (uint64_t)(end - start), access);
}

static bool map_device(uint64_t pa, uint64_t size)
{
	return el2_map(EL2_UPPER, EL2_BASE | pa, pa, size, EL2_DEVICE);
}

static bool map_interrupt_controller(void)
{
	static const struct gicv3_chip chips[] = { PLATFORM_GIC_CHIPS };

	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		if (!map_device(chips[i].distributor, chips[i].distributor_size) ||
		    !map_device(chips[i].redistributors, chips[i].redistributors_size)) {
			return false;
		}
	}
	return true;
}

static bool map_all(void)
{
	uint64_t entry = (uintptr_t)image_start & ~EL2_BASE;
	uint64_t *stacks;
	uint64_t stack = (uintptr_t)boot_stack & ~EL2_BASE;
	unsigned slot = (STACK_SLOT_BOOT * STACK_SLOT_BYTES + STACK_SLOT_BYTES - STACK_BYTES) /
			PAGE_BYTES;

	if (!map_image(image_start, text_end, EL2_TEXT) ||
	    !map_image(text_end, rodata_end, EL2_RODATA) ||
	    !map_image(rodata_end, image_end, EL2_DATA) ||
	    !el2_map(EL2_IDENTITY, entry, entry, PAGE_BYTES, EL2_TEXT) ||
	    !map_device(PLATFORM_CONSOLE, PAGE_BYTES) || !map_interrupt_controller()) {
		return false;
	}
	stacks = el2_last_table(STACKS_BASE);
	if (stacks == NULL || el2_last_table(WINDOWS_BASE) == NULL ||
	    el2_last_table(BOOT_WINDOW_BASE) == NULL) {
		return false;
	}
	for (unsigned i = 0; i < BOOT_STACK_BYTES / PAGE_BYTES; i++) {
		stacks[slot + i] = el2_page(stack + i * PAGE_BYTES, EL2_DATA);
	}
	return true;
}

/** TCR_EL2: both halves with 4 KiB granules; S-EL0 sees nothing of the upper one, not even by its timing. */
static uint64_t translation_control(void)
{
	uint64_t mmfr0 = read_id_aa64mmfr0_el1();
	uint64_t tcr = TCR_T0SZ(PLATFORM_ADDRESS_BITS) | TCR_CACHED_0 | TCR_T1SZ(EL2_ADDRESS_BITS) |
		       TCR_CACHED_1 | TCR_TG1_4K;

	tcr |= (uint64_t)cpu_output_size(mmfr0) << TCR_IPS_SHIFT;
	tcr |= id_field(mmfr0, 4) >= 2 ? TCR_AS : 0; /* ASIDBits */
	tcr |= id_field(read_id_aa64mmfr2_el1(), 60) != 0 ? TCR_E0PD1 : 0;
	tcr |= id_field(read_id_aa64pfr0_el1(), 32) != 0 ? TCR_NFD1
							 : 0; /* SVE: no non-fault loads either */
	return tcr;
}

/** Drops what caches may hold of [@start, @end), which was written with caches off. */
static void invalidate(const char *start, const char *end)
{
	size_t line = cpu_line_size();

	for (uintptr_t at = (uintptr_t)start; at < (uintptr_t)end; at += line) {
		__asm__ volatile("dc ivac, %0" ::"r"(at) : "memory");
	}
	dsb_sy(); /* gone before the walker and the cached view of the same memory come on */
}

/**
 * Builds tables and register values. Called once, on the primary PE.
 *
 * Returns false when the platform needs more tables than there are.
 */
bool boot_mmu_build(void)
{
	uint64_t sctlr = SCTLR_EL2_VALUE;

	el2_table_init();
	if (!map_all()) {
		return false;
	}
	sctlr |= id_field(read_id_aa64mmfr1_el1(), 20) >= 3 ? SCTLR_EPAN : 0; /* PAN3 */
	boot_mmu.ttbr0 = el2_root(EL2_IDENTITY);
	boot_mmu.ttbr1 = el2_root(EL2_UPPER);
	boot_mmu.tcr = translation_control();
	boot_mmu.mair = MAIR_EL2_VALUE;
	boot_mmu.sctlr = sctlr;
	invalidate(early_start, early_end);
	return true;
}
