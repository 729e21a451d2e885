/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The image: linked in the upper half (VA = EL2_BASE | PA), loaded and entered at the platform's address.
 * The raw binary ends with .data; what follows is cleared or filled at boot.
 */
#include "arch/aarch64/layout.h"
#include "platform.h"

OUTPUT_ARCH(aarch64)
ENTRY(boot_entry)

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
}

SECTIONS
{
	. = EL2_BASE + PLATFORM_LOAD_ADDRESS;
	image_start = .;

	/* One page that is mapped twice: also where it lies, for the moments without MMU. */
	.text : AT(ADDR(.text) - EL2_BASE) {
		*(.entry)
		. = ALIGN(PAGE_BYTES);
		text_start = .;
		*(.vectors)
		*(.text .text.*)
		. = ALIGN(PAGE_BYTES);
	} :text
	text_end = .;

	.rodata : AT(ADDR(.rodata) - EL2_BASE) {
		*(.rodata .rodata.*)
		. = ALIGN(8);
		extable_start = .;
		KEEP(*(.extable))
		extable_end = .;
		. = ALIGN(PAGE_BYTES);
	} :rodata
	rodata_end = .;

	.data : AT(ADDR(.data) - EL2_BASE) {
		*(.data .data.*)
		. = ALIGN(16);
	} :data
	data_end = .;

	/* Cleared at boot. */
	.bss (NOLOAD) : {
		. = ALIGN(16);
		bss_start = .;
		*(.bss .bss.*)
		. = ALIGN(64);
		bss_end = .;
	} :data

	/* Written before the MMU is on; not cleared afterwards. */
	.early (NOLOAD) : {
		. = ALIGN(PAGE_BYTES);
		early_start = .;
		*(.early)
		. = ALIGN(PAGE_BYTES);
		early_end = .;
	} :data

	/* Stacks; pages for the page pool, cleared by it. */
	.pages (NOLOAD) : {
		. = ALIGN(PAGE_BYTES);
		*(.stack)
		. = ALIGN(PAGE_BYTES);
		pool_start = .;
		. += IMAGE_POOL_BYTES;
		pool_end = .;
	} :data
	image_end = .;

	/DISCARD/ : { *(.comment) *(.note*) *(.ARM.*) *(.eh_frame*) }

	ASSERT(text_start == image_start + PAGE_BYTES, "the entry code does not fit its page")
	ASSERT(image_end - EL2_BASE <= PLATFORM_LOAD_LIMIT, "the image does not fit the platform's memory")
	ASSERT((rodata_end % PAGE_BYTES) == 0 && (text_end % PAGE_BYTES) == 0, "sections share a page")
}
