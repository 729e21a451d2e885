/* SPDX-License-Identifier: BSD-3-Clause */
/* Two instructions and their returns for each line of system_registers.def: see image.h. */
#include "sdk/asm.h"

	.arch	armv8.4-a

	.section .text.system_registers, "ax"
	.global	image_system_registers
	.balign 16
image_system_registers:
#define SYSTEM_REGISTER(name, encoding, read, write) \
	mrs	x0, encoding; \
	ret; \
	msr	encoding, x0; \
	ret;
#define SYSTEM_REGISTER_OF_ALL(name, encoding, read, write, value) \
	SYSTEM_REGISTER(name, encoding, read, write)
#define SYSTEM_INSTRUCTION(name, word, gets) \
	.inst	word; \
	ret; \
	.inst	word; \
	ret;
#include "partitions/test-image/system_registers.def"
