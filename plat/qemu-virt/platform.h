/* SPDX-License-Identifier: BSD-3-Clause */
/* QEMU's `virt` machine under TF-A's PLAT=qemu: constants only, for C, assembly and the linker script. */
#ifndef PLAT_QEMU_VIRT_PLATFORM_H
#define PLAT_QEMU_VIRT_PLATFORM_H

#define PLATFORM_NAME "qemu-virt"

#define PLATFORM_LOAD_ADDRESS 0x0e100000 /* TF-A's BL32_BASE */
#define PLATFORM_LOAD_LIMIT 0x0f000000 /* end of secure memory */

#define PLATFORM_ADDRESS_BITS 39 /* memory and devices lie below 512 GiB; 39 or 48 */
#define PLATFORM_PE_MAX 32 /* of TF-A's port */

#define PLATFORM_CONSOLE 0x09000000 /* PL011: UART0. UART1 at 0x09040000 is the partitions' */

#define PLATFORM_GICD 0x08000000
#define PLATFORM_GICD_SIZE 0x00010000
#define PLATFORM_GICR 0x080a0000
#define PLATFORM_GICR_SIZE (PLATFORM_PE_MAX * 0x20000)

/* Every chip with a distributor: struct gicv3_chip. */
#define PLATFORM_GIC_CHIPS                           \
	{ .distributor = PLATFORM_GICD,              \
	  .distributor_size = PLATFORM_GICD_SIZE,    \
	  .redistributors = PLATFORM_GICR,           \
	  .redistributors_size = PLATFORM_GICR_SIZE, \
	  .shared = { .first = 32, .last = 1019 },   \
	  .extended = { .first = 4096, .last = 5119 } }

#endif
