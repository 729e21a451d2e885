/* SPDX-License-Identifier: BSD-3-Clause */
/* Partitions with interrupts and PEs, without anything that runs. */
#ifndef TESTS_UNIT_CORE_INTERRUPT_CORE_FIXTURE_H
#define TESTS_UNIT_CORE_INTERRUPT_CORE_FIXTURE_H

#include "arch/host/host.h"
#include "core/spmc.h"
#include "tests/unit/unit.h"

enum {
	CORE_PES = 4,
	MP = 0, /* partitions by number: contexts on all PEs */
	UP = 1, /* one, that migrates */
};

/** The bit of the @nth physical interrupt of a partition. */
enum virq_bit physical_bit(unsigned nth);

/** No partitions, CORE_PES PEs, none up. */
void core_reset(void);

/** Configuration of partition @number; interrupts are added with core_interrupt(). */
struct partition_config *core_config(unsigned number);
struct interrupt_config *core_interrupt(unsigned number, uint32_t intid);

/** Creates both partitions; returns the first complaint, or NULL. */
const char *core_create(void);

struct spmc *core_spmc(void);
struct pe *core_pe(unsigned index);
struct exec_ctx *core_context(unsigned number, unsigned pe);

/** PE @index comes up, its contexts start, it is ready; the test is on it. */
void core_power_on(unsigned index);

/** The test is on PE @index. */
void core_on(unsigned index);

#endif
