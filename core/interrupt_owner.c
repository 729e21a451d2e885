/* SPDX-License-Identifier: BSD-3-Clause */
/* Whose interrupts are: entered at boot, found in constant time. Takes no locks. */
#include "core/interrupt.h"
#include "core/log.h"
#include "core/spmc.h"

enum {
	FIRST_SPECIAL = 1020,
	FIRST_EXTENDED_PRIVATE = 1056,
	EXTENDED_PRIVATE_COUNT = 64,
	FIRST_EXTENDED_SHARED = 4096,
	EXTENDED_SHARED_COUNT = 1024,
	PLAIN_SLOTS = 1024,
	NO_SLOT = INTERRUPT_SLOTS,
};

static unsigned slot_of(uint32_t intid)
{
	if (intid < FIRST_SPECIAL) {
		return intid;
	}
	if (intid - FIRST_EXTENDED_PRIVATE < EXTENDED_PRIVATE_COUNT) {
		return PLAIN_SLOTS + intid - FIRST_EXTENDED_PRIVATE;
	}
	if (intid - FIRST_EXTENDED_SHARED < EXTENDED_SHARED_COUNT) {
		return PLAIN_SLOTS + EXTENDED_PRIVATE_COUNT + intid - FIRST_EXTENDED_SHARED;
	}
	return NO_SLOT;
}

void interrupt_table_init(struct interrupt_table *table)
{
	lock_init(&table->lock, RANK_INTERRUPT);
}

struct partition *interrupt_owner(const struct spmc *spmc, uint32_t intid, enum virq_bit *bit)
{
	unsigned slot = slot_of(intid);
	struct interrupt_owner owner;

	if (slot == NO_SLOT) {
		return NULL;
	}
	owner = spmc->interrupts.owner[slot];
	*bit = (enum virq_bit)owner.bit;
	return owner.partition == 0 ? NULL : &spmc->partitions[owner.partition - 1];
}

/* ---- boot --------------------------------------------------------------------------------------- */

/** Why @intid cannot be a partition's; NULL: it can. */
static const char *refusal(uint32_t intid)
{
	if (intid == ARCH_INTERRUPT_SRI || intid == ARCH_INTERRUPT_KICK ||
	    intid == ARCH_INTERRUPT_TIMER) {
		return "one of its interrupts is the SPMC's own";
	}
	if (slot_of(intid) == NO_SLOT || !arch_interrupt_exists(intid)) {
		return "this machine does not have one of its interrupts";
	}
	return NULL;
}

static unsigned pe_of(const struct spmc *spmc, const struct interrupt_config *config)
{
	for (unsigned i = 0; config->has_target && i < spmc->pe_count; i++) {
		if (spmc->config->cpu_mpidr[i] == config->target_mpidr) {
			return i;
		}
	}
	return arch_pe_index();
}

/** Puts the interrupts of the configuration in the order of their INTIDs. */
static void sort(struct spmc *spmc, struct partition *partition)
{
	const struct partition_config *config = partition->config;

	for (unsigned i = 0; i < config->interrupt_count; i++) {
		unsigned place = i;

		while (place > 0 &&
		       partition->interrupts[place - 1].config->id > config->interrupts[i].id) {
			partition->interrupts[place] = partition->interrupts[place - 1];
			place--;
		}
		partition->interrupts[place] = (struct partition_interrupt){
			.config = &config->interrupts[i],
			.home = (uint16_t)pe_of(spmc, &config->interrupts[i]),
			.secure = config->interrupts[i].secure,
		};
	}
	partition->interrupt_count = config->interrupt_count;
}

const char *interrupts_claim(struct spmc *spmc, struct partition *partition)
{
	const struct partition_config *config = partition->config;

	for (unsigned i = 0; i < config->interrupt_count; i++) {
		const char *why = refusal(config->interrupts[i].id);

		if (why != NULL) {
			log_line(LOG_ERROR, "interrupt", "%u: not for 0x%x %s",
				 config->interrupts[i].id, config->id, config->name);
			return why;
		}
	}
	sort(spmc, partition);
	for (unsigned i = 0; i < partition->interrupt_count; i++) {
		spmc->interrupts.owner[slot_of(partition->interrupts[i].config->id)] =
			(struct interrupt_owner){ .partition = (uint8_t)(partition->number + 1),
						  .bit = (uint8_t)(VIRQ_BIT_PHYSICAL + i) };
	}
	return NULL;
}
