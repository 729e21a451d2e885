/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/unit/core/interrupt_core_fixture.h"

static struct {
	struct spmc spmc;
	struct spmc_config config;
	struct partition_config partitions[2];
	struct partition storage[2];
	struct pe pes[CORE_PES];
	_Alignas(64) uint8_t memory[1 << 18];
} core;

enum virq_bit physical_bit(unsigned nth)
{
	return (enum virq_bit)(VIRQ_BIT_PHYSICAL + nth);
}

void core_reset(void)
{
	memset(&core, 0, sizeof(core));
	host_reset();
	arena_add(&core.spmc.arena, core.memory, sizeof(core.memory));
	core.spmc.config = &core.config;
	core.spmc.pes = core.pes;
	core.spmc.pe_count = CORE_PES;
	core.spmc.partitions = core.storage;
	core.config.cpu_count = CORE_PES;
	for (unsigned i = 0; i < CORE_PES; i++) {
		core.pes[i].spmc = &core.spmc;
		core.pes[i].index = i;
		core.pes[i].mark = i << CTX_STATE_BITS;
		core.config.cpu_mpidr[i] = i;
	}
	for (unsigned i = 0; i < 2; i++) {
		core.partitions[i].id = (uint16_t)(0x8001 + i);
		core.partitions[i].exception_level = EXCEPTION_LEVEL_S_EL1;
		core.partitions[i].context_count = i == MP ? CORE_PES : 1;
		core.partitions[i].rx_region = CONFIG_NO_REGION;
		core.partitions[i].tx_region = CONFIG_NO_REGION;
	}
	interrupt_table_init(&core.spmc.interrupts);
}

struct partition_config *core_config(unsigned number)
{
	return &core.partitions[number];
}

struct interrupt_config *core_interrupt(unsigned number, uint32_t intid)
{
	struct partition_config *config = &core.partitions[number];
	struct interrupt_config *interrupt = &config->interrupts[config->interrupt_count++];

	*interrupt = (struct interrupt_config){ .id = intid, .secure = true };
	return interrupt;
}

const char *core_create(void)
{
	const char *complaint = NULL;

	for (unsigned i = 0; i < 2 && complaint == NULL; i++) {
		complaint = partition_create(&core.storage[i], &core.spmc, &core.partitions[i]);
		core.spmc.partition_count++;
	}
	CHECK(spmc_init_timers(&core.spmc));
	return complaint;
}

struct spmc *core_spmc(void)
{
	return &core.spmc;
}

struct pe *core_pe(unsigned index)
{
	return &core.pes[index];
}

struct exec_ctx *core_context(unsigned number, unsigned pe)
{
	return partition_context(&core.storage[number], pe);
}

void core_on(unsigned index)
{
	host_pe_enter(&core.pes[index].arch);
}

void core_power_on(unsigned index)
{
	arch_pe_init(&core.pes[index].arch, index);
	interrupts_power_up(&core.pes[index]);
	interrupts_ready(&core.pes[index]);
}
