/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EL2's own address space: the upper half of the EL2&0 regime, 39 bits. Image, pool and devices are seen
 * at EL2_BASE | PA; the last GiB holds what is mapped elsewhere: windows, stacks with guard pages.
 * For C, assembly and the linker script.
 */
#ifndef ARCH_AARCH64_LAYOUT_H
#define ARCH_AARCH64_LAYOUT_H

#define EL2_BASE 0xffffff8000000000
#define EL2_ADDRESS_BITS 39

#define PAGE_BYTES 4096

#define IMAGE_POOL_BYTES (128 * PAGE_BYTES)
#define BOOT_STACK_BYTES (2 * PAGE_BYTES)

/* 2 MiB, one last-level table, for each of these. */
#define WINDOWS_BASE 0xffffffffc0000000 /* 32 PEs x 2 windows x 8 pages */
#define STACKS_BASE 0xffffffffc0200000 /* slots of 4 pages: two guard pages, two of stack */
#define BOOT_WINDOW_BASE 0xffffffffc0400000

/*
 * A stack is the upper half of its slot, so this bit of a stack pointer that has been moved down tells an
 * overflow without touching memory. Slot n is PE n's, the last one the boot stack.
 */
#define STACK_SLOT_BYTES (4 * PAGE_BYTES)
#define STACK_BYTES (2 * PAGE_BYTES)
#define STACK_VALID_BIT 13
#define STACK_SLOT_BOOT 32

#endif
