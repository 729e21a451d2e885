/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Marks that measured code executes and the counting plugin sees: MOVZ XZR, #(0x5A00 | number),
 * which does nothing anywhere. Shared by the client, the partition and the plugin.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#define MARK_START 1 /* counts begin at zero */
#define MARK_STOP 2 /* counts are written */
#define MARK_BOOT 3 /* counts since reset are written */

#define MARK_OPCODE(number) (0xD280001FU | (0x5A00U | (number)) << 5)
#define MARK_OPCODE_MASK 0xFFFFE01FU
#define MARK_NUMBER(opcode) ((opcode) >> 5 & 0xFFU)

#define MARK(number) __asm__ volatile(".inst %0" ::"i"(MARK_OPCODE(number)) : "memory")

#endif
