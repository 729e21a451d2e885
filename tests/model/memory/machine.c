/* SPDX-License-Identifier: BSD-3-Clause */
/* Booting, calling, going back. */
#include "tests/model/memory/machine.h"

#include <stdlib.h>
#include <string.h>

#include "ffa/run_loop.h"
#include "tests/model/memory/view.h"

enum {
	POOL_PAGES_USED =
		96, /* of the pool, by what calls change; the first ones are handed out first */
	IMAGE_PAGES = HOST_POOL_PAGES,
};

struct machine_snapshot {
	struct spmc spmc;
	size_t page_count;
	uint8_t pages[IMAGE_PAGES * PAGE_SIZE];
};

/* What whoever runs on a PE does next. */
static struct arch_exit next_exit[MACHINE_PES_MAX];

static struct {
	uint8_t *image; /* what the SPMC has after boot */
	size_t page_count; /* of it, that snapshots have */
	uint8_t boot[IMAGE_PAGES * PAGE_SIZE];
} machine;

static const uint16_t ids[] = { NW, SP1, SP2, SP4, VM1 };

uint16_t machine_id(enum who who)
{
	return ids[who];
}

uint64_t machine_ns_page(unsigned n)
{
	return NS_BASE + (NS_PAGES - MACHINE_NS_PAGES + n) * PAGE_SIZE;
}

/* ---- boot --------------------------------------------------------------------------------------- */

static struct arch_exit play(struct arch_context *context, void *argument)
{
	struct arch_exit *exit = argument;

	return exit->reason == ARCH_EXIT_FATAL ? host_fault(context, "model", 0) : *exit;
}

static void add_partitions(const uint32_t versions[WHO_RUNS])
{
	struct partition_config *config;

	system_add(SP1, INSTANCE_S1UP)->ffa_version = versions[WHO_SP1];
	config = system_add(SP2, INSTANCE_S1UP);
	config->ffa_version = versions[WHO_SP2];
	config->memory_regions[config->memory_region_count++] = (struct memory_region_config){
		.range = { .base = paddr(machine_ns_page(0)), .page_count = MACHINE_NS_PAGES },
		.attributes = REGION_READ | REGION_WRITE | REGION_NON_SECURE,
	};
	system_add(SP4, INSTANCE_S0)->ffa_version = versions[WHO_SP4];
}

/** Maps buffers; an S-EL0 partition, which starts, makes data of them and of what is behind. */
static void give_buffers(uint16_t id, uint32_t count)
{
	if (id == SP4) {
		CALL(id, FFA_MEM_PERM_SET_64, tx_of(id), 2 * count,
		     FFA_MEM_PERM_DATA_RW | FFA_MEM_PERM_NX);
		CHECK_SUCCESS(id);
	}
	if (id == NW) {
		CALL(id, FFA_RXTX_MAP_64, vm_tx(NW), vm_rx(NW), count);
	} else {
		CALL(id, FFA_RXTX_MAP_64, tx_of(id), tx_of(id) + count * PAGE_SIZE, count);
	}
	CHECK_SUCCESS(id);
}

static void take_over(enum who who)
{
	uint16_t id = who < WHO_RUNS ? machine_id(who) : NW;

	host_context_script(&context_of(id, who)->arch, play, &next_exit[who]);
	next_exit[who].reason = ARCH_EXIT_CALL;
	next_exit[who].conduit = who == WHO_SP4 ? ARCH_CONDUIT_SVC : ARCH_CONDUIT_SMC;
}

static void note_image(void)
{
	const struct page_pool *pool = &the_spmc()->pool;
	uint8_t *first_free = pool->free;

	machine.image = host_ram(arch_image_pool().base);
	machine.page_count = (size_t)(first_free - machine.image) / PAGE_SIZE + POOL_PAGES_USED;
	REQUIRE(machine.page_count <= IMAGE_PAGES);
	memcpy(machine.boot, machine.image, sizeof(machine.boot));
}

void machine_boot(uint32_t buffer_pages, const uint32_t versions[WHO_RUNS], unsigned further_pes)
{
	system_reset();
	add_partitions(versions);
	system_build(WHO_RUNS + further_pes);
	system_begin();
	for (enum who who = WHO_SP1; who < WHO_RUNS; who++) {
		give_buffers(machine_id(who), buffer_pages);
		CALL(machine_id(who), FFA_MSG_WAIT_32);
	}
	nw_version(versions[WHO_NW]);
	give_buffers(NW, buffer_pages);
	for (enum who who = WHO_SP1; who < WHO_RUNS; who++) {
		power_on(who);
		request(NW, machine_id(who));
	}
	for (unsigned pe = 0; pe < WHO_RUNS + further_pes; pe++) {
		if (pe >= WHO_RUNS) {
			power_on(pe);
		}
		take_over((enum who)pe);
	}
	note_image();
	view_check();
}

/* ---- calls -------------------------------------------------------------------------------------- */

static struct pe *pe_of(enum who who)
{
	return &the_spmc()->pes[who];
}

const uint64_t *machine_call_with(enum who who, const uint64_t *x, size_t count)
{
	struct pe *pe = pe_of(who);
	uint64_t *registers = pe->current->arch.x;

	memset(registers, 0, 18 * sizeof(registers[0]));
	memcpy(registers, x, count * sizeof(x[0]));
	host_pe_enter(&pe->arch);
	run_loop_step(pe);
	REQUIRE(&pe->current->arch.x[0] == registers);
	return registers;
}

enum ffa_status machine_status(enum who who)
{
	const uint64_t *x = pe_of(who)->current->arch.x;

	return (uint32_t)x[0] == FFA_ERROR_32 ? (enum ffa_status)(int32_t)x[2] : FFA_OK;
}

void machine_forget_registers(void)
{
	for (enum who who = WHO_NW; who < WHO_RUNS; who++) {
		memset(pe_of(who)->current->arch.x, 0, 18 * sizeof(uint64_t));
	}
}

void machine_abort(enum who who)
{
	struct pe *pe = pe_of(who);

	next_exit[who].reason = ARCH_EXIT_FATAL;
	host_pe_enter(&pe->arch);
	run_loop_step(pe);
	next_exit[who].reason = ARCH_EXIT_CALL;
	REQUIRE(pe->current->endpoint->id == NW);
	host_console_clear();
}

bool machine_is_dead(enum who who)
{
	return who != WHO_NW && partition_state(partition_of(machine_id(who))) == PARTITION_ABORTED;
}

static const struct mailbox *mailbox_of(enum who who)
{
	return who == WHO_NW ? vm_mailbox(NW) : &partition_of(machine_id(who))->endpoint.mailbox;
}

uint8_t *machine_tx(enum who who)
{
	return host_ram(mailbox_of(who)->tx.base);
}

uint8_t *machine_rx(enum who who)
{
	return host_ram(mailbox_of(who)->rx.base);
}

size_t machine_buffer_size(enum who who)
{
	return mailbox_of(who)->tx.page_count * PAGE_SIZE;
}

uint64_t machine_sum(enum who who)
{
	return fingerprint(pe_of(who)->current) * 31 + view_sum();
}

/* ---- going back --------------------------------------------------------------------------------- */

struct machine_snapshot *machine_save(struct machine_snapshot *again)
{
	struct machine_snapshot *snapshot = again != NULL ? again : malloc(sizeof(*snapshot));

	REQUIRE(snapshot != NULL);
	snapshot->spmc = *the_spmc();
	snapshot->page_count = machine.page_count;
	memcpy(snapshot->pages, machine.image, machine.page_count * PAGE_SIZE);
	return snapshot;
}

void machine_restore(const struct machine_snapshot *snapshot)
{
	uint64_t *entry;

	memcpy(the_spmc(), &snapshot->spmc, sizeof(snapshot->spmc));
	for (size_t i = 0; i < snapshot->page_count; i++) {
		size_t at = i * PAGE_SIZE;

		if (memcmp(machine.image + at, snapshot->pages + at, PAGE_SIZE) != 0) {
			memcpy(machine.image + at, snapshot->pages + at, PAGE_SIZE);
		}
	}
	entry = the_spmc()->ns_record.table[WORLD_SECURE];
	arch_pte_write(entry, *entry); /* fingerprint() sees that tables were written */
}

bool machine_snapshots_are_complete(void)
{
	size_t size = machine.page_count * PAGE_SIZE;

	return memcmp(machine.image + size, machine.boot + size, sizeof(machine.boot) - size) == 0;
}
