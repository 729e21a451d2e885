/* SPDX-License-Identifier: BSD-3-Clause */
/* GICv3 of QEMU's virt from the normal world: group 1 interrupts, SGIs, the EL2 physical timer. */
#ifndef NORMAL_WORLD_GIC_H
#define NORMAL_WORLD_GIC_H

#include <stdbool.h>
#include <stdint.h>

#define INTID_SGI_WAKE 0U /* work for an idle PE; not counted */
#define INTID_SGI_TEST 1U
#define INTID_SRI \
	8U /* Schedule Receiver Interrupt, of the SPMC: only where gic_enable() was called */
#define INTID_TIMER 26U /* CNTHP */

struct pe;

/** Fills in index and affinity of every PE there is; returns their number. */
unsigned gic_count_pes(struct pe *table);
void gic_init_pe(unsigned index);

/** Takes and ends every pending interrupt of this PE; counts them in its struct pe. */
void gic_handle(void);

/** An SGI or PPI of this PE: lets it come, or pend only. */
void gic_enable(uint32_t intid);
void gic_disable(uint32_t intid);

/** Whether an SGI or PPI of PE @index pends, taken or not; and: it pends no more. */
bool gic_is_pending(unsigned index, uint32_t intid);
void gic_clear(unsigned index, uint32_t intid);

void gic_send_sgi(unsigned target, uint32_t intid);

/** The highest pending interrupt of this PE, without taking it; 1023 = none. */
uint32_t gic_pending(void);

/** One timer interrupt in @microseconds on this PE. */
void timer_start(uint64_t microseconds);
void timer_stop(void);

#endif
