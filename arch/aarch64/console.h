/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers of a PL011 UART (DDI 0183); also for entry.S, by way of asm_offsets.h. */
#ifndef ARCH_AARCH64_CONSOLE_H
#define ARCH_AARCH64_CONSOLE_H

enum {
	PL011_DR = 0x00,
	PL011_FR = 0x18,
	PL011_FR_TXFF_BIT = 5, /* transmit FIFO full */
};

#endif
