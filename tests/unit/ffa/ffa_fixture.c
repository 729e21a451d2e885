/* SPDX-License-Identifier: BSD-3-Clause */
/* The system under test: building it, looking at it, its steps. */
#include "tests/unit/ffa/ffa_fixture.h"

#include <stdio.h>

#include "ffa/cycles.h"
#include "ffa/interrupt.h"
#include "ffa/run_loop.h"

#define PARTITION_BASE UINT64_C(0x0f000000)
#define PARTITION_STRIDE UINT64_C(0x00100000)

enum {
	PARTITION_MAX = CONFIG_PARTITION_MAX,
	TX_OFFSET = 0x10000,
	RX_OFFSET = 0x11000,
	ENTRY_OFFSET = 0x4000,
	CANARY_FIRST = 8,
	REGISTER_COUNT = 31,
};

/* What the context that runs next does. */
struct action {
	struct arch_exit exit;
	const char *fault; /* with ARCH_EXIT_FATAL */
	uint64_t fault_address;
};

static struct {
	struct spmc spmc;
	struct spmc_config config;
	struct partition_config partitions[PARTITION_MAX];
	unsigned partition_count;
	struct pe *pe; /* that steps happen on */
	bool on[SYSTEM_PES];
	struct action action;
	const struct arch_context *actor; /* whose it is */
	bool refusals_unchecked;
	size_t arena_size; /* of the pool's memory, what the SPMC has for arrays */
	uint64_t table_writes;
} sys;

/* ---- building ----------------------------------------------------------------------------------- */

static void count_table_event(const struct host_table_event *event, void *argument)
{
	(void)argument;
	sys.table_writes += event->kind == HOST_TABLE_WRITE ? 1 : 0;
}

void system_reset(void)
{
	struct page_range ns = { .base = paddr(NS_BASE), .page_count = NS_PAGES };

	memset(&sys, 0, sizeof(sys));
	host_reset();
	host_table_hook(count_table_event, NULL);
	host_memory_add(
		(struct page_range){ .base = paddr(PARTITION_BASE),
				     .page_count = PARTITION_MAX * PARTITION_STRIDE / PAGE_SIZE },
		WORLD_SECURE);
	host_memory_add(ns, WORLD_NON_SECURE);
	sys.config.spmc_id = SPMC;
	sys.config.ns_memory.range[0] = ns;
	sys.config.ns_memory.count = 1;
}

void system_ns_memory(struct page_range range)
{
	sys.config.ns_memory.range[sys.config.ns_memory.count++] = range;
}

void system_ns_device(struct page_range range)
{
	sys.config.ns_devices.range[sys.config.ns_devices.count++] = range;
}

uint64_t base_of(uint16_t id)
{
	return PARTITION_BASE + (uint64_t)(id - SP1) * PARTITION_STRIDE;
}

uint64_t tx_of(uint16_t id)
{
	return base_of(id) + TX_OFFSET;
}

uint64_t rx_of(uint16_t id)
{
	return base_of(id) + RX_OFFSET;
}

struct partition_config *system_add(uint16_t id, enum instance instance)
{
	struct partition_config *config = &sys.partitions[sys.partition_count++];

	snprintf(config->name, sizeof(config->name), "sp%u", id - SPMC);
	config->id = id;
	config->ffa_version = FFA_VERSION_1_2;
	config->vm.number = (uint16_t)(id - SPMC);
	config->vm.memory = (struct page_range){ .base = paddr(base_of(id)),
						 .page_count = PARTITION_PAGES };
	config->services[0].uuid = (struct ffa_uuid){ { id, 0x11111111, 0x22222222, 0x33333333 } };
	config->services[0].messaging_method = ALL_METHODS;
	config->service_count = 1;
	config->exception_level = instance == INSTANCE_S0 ? EXCEPTION_LEVEL_S_EL0
							  : EXCEPTION_LEVEL_S_EL1;
	config->context_count = instance == INSTANCE_S1MP ? 2
							  : 1; /* as many as PEs: system_build() */
	config->ns_interrupts_action = NS_INTERRUPTS_SIGNALED;
	config->entry_offset = ENTRY_OFFSET;
	config->boot_order = CONFIG_BOOT_ORDER_LAST;
	config->gp_register = CONFIG_NO_REGISTER;
	config->rx_region = CONFIG_NO_REGION;
	config->tx_region = CONFIG_NO_REGION;
	return config;
}

struct partition_config *config_of(uint16_t id)
{
	unsigned i = 0;

	while (sys.partitions[i].id != id) {
		i++;
		CHECK(i < sys.partition_count);
	}
	return &sys.partitions[i];
}

static struct arch_exit play(struct arch_context *context, void *argument)
{
	(void)argument;
	if (context != sys.actor && sys.action.exit.reason != ARCH_EXIT_IRQ) {
		fail_msg("somebody else was let in before: turn()");
	}
	if (sys.action.exit.reason == ARCH_EXIT_FATAL) {
		return host_fault(context, sys.action.fault, sys.action.fault_address);
	}
	return sys.action.exit;
}

static void create_pes(unsigned count)
{
	sys.spmc.pes = arena_take(&sys.spmc.arena, count * sizeof(struct pe), _Alignof(struct pe));
	sys.spmc.pe_count = count;
	sys.config.cpu_count = (uint8_t)count;
	for (unsigned i = 0; i < count; i++) {
		sys.spmc.pes[i].spmc = &sys.spmc;
		sys.spmc.pes[i].index = i;
		sys.spmc.pes[i].mark = i << CTX_STATE_BITS;
		sys.config.cpu_mpidr[i] = i;
	}
}

static void create_partition(struct partition_config *config, unsigned pe_count)
{
	struct partition *partition = &sys.spmc.partitions[sys.spmc.partition_count];

	if (config->context_count > 1) {
		config->context_count = (uint16_t)(pe_count > 1 ? pe_count : 2);
	}
	for (unsigned i = 0; i < config->service_count; i++) {
		config->messaging_method |= config->services[i].messaging_method;
	}
	assert_null(partition_create(partition, &sys.spmc, config));
	spmc_index_partition(&sys.spmc, partition);
	sys.spmc.partition_count++;
	for (unsigned i = 0; i < partition->context_count; i++) {
		host_context_script(&partition->contexts[i].arch, play, NULL);
	}
}

void system_build(unsigned pe_count)
{
	struct page_range own = arch_image_pool();
	uint64_t page_count;
	void *pages;

	arena_add(&sys.spmc.arena, arch_pointer(own.base), own.page_count * PAGE_SIZE);
	sys.spmc.config = &sys.config;
	sys.spmc.id = SPMC;
	CHECK(spmc_init_normal_world(&sys.spmc));
	create_pes(pe_count);
	interrupt_table_init(&sys.spmc.interrupts);
	sys.spmc.partitions = arena_take(&sys.spmc.arena,
					 sys.partition_count * sizeof(struct partition),
					 _Alignof(struct partition));
	for (unsigned i = 0; i < sys.partition_count; i++) {
		create_partition(&sys.partitions[i], pe_count);
	}
	spmc_sort_boot_order(&sys.spmc);
	CHECK(spmc_init_timers(&sys.spmc));
	sys.arena_size =
		(size_t)(sys.spmc.arena.ranges[0].next - (uint8_t *)arch_pointer(own.base));
	page_pool_init(&sys.spmc.pool);
	while ((pages = arena_take_pages(&sys.spmc.arena, &page_count)) != NULL) {
		page_pool_add(&sys.spmc.pool, pages, page_count);
	}
	CHECK(spmc_init_quotas(&sys.spmc));
	for (unsigned i = 0; i < sys.spmc.partition_count; i++) {
		assert_null(partition_map(&sys.spmc.partitions[i], &sys.spmc, (uint16_t)(i + 1)));
	}
}

/** As init/boot.c readies the normal world's context of a PE that comes up. */
static void ready_normal_world(struct pe *pe)
{
	struct exec_ctx *ctx = &pe->normal_world;

	memset(ctx, 0, sizeof(*ctx));
	ctx->arch.kind = ARCH_KIND_NORMAL_WORLD;
	ctx->endpoint = sys.spmc.normal_world;
	ctx->index = (uint16_t)pe->index;
	ctx->model = MODEL_NORMAL_WORLD;
	pe_set_state(pe, ctx, CTX_RUNNING);
	host_context_script(&ctx->arch, play, NULL);
}

void power_on_begin(unsigned pe)
{
	sys.pe = &sys.spmc.pes[pe];
	arch_pe_init(&sys.pe->arch, pe);
	ready_normal_world(sys.pe);
	sys.pe->duty = DUTY_NONE;
	sys.pe->errands = false;
	sys.pe->sri_delayed = false;
	sys.pe->current = &sys.pe->normal_world;
	sys.on[pe] = true;
	interrupt_power_up(sys.pe);
	cycles_start_next(sys.pe);
	check_invariants();
}

void system_begin(void)
{
	power_on_begin(0);
}

void system_finish_start(void)
{
	for (unsigned i = 0; sys.pe->duty == DUTY_START && i < sys.partition_count; i++) {
		CALL(running(), FFA_MSG_WAIT_32);
	}
	CHECK_GOT_WIDE(NW, FFA_MSG_WAIT_32);
}

void power_on(unsigned pe)
{
	power_on_begin(pe);
	system_finish_start();
}

void power_off(void)
{
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(SPMD, SPMC),
	     FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_REQ, 0x84000002);
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SPMC, SPMD),
		  FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP, 0);
	pe_is_off();
}

void pe_is_off(void)
{
	pe_set_on(sys.pe->index, false);
}

void system_boot(unsigned pe_count)
{
	system_build(pe_count);
	for (unsigned i = 0; i < pe_count; i++) {
		power_on(i);
	}
	on_pe(0);
}

void system_boot_usual(unsigned pe_count)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP);
	system_add(SP2, INSTANCE_S1MP);
	system_add(SP3, INSTANCE_S1UP);
	system_add(SP4, INSTANCE_S0);
	system_boot(pe_count);
}

/* ---- looking ------------------------------------------------------------------------------------ */

struct spmc *the_spmc(void)
{
	return &sys.spmc;
}

struct pe *this_pe(void)
{
	return sys.pe;
}

bool pe_is_on(unsigned pe)
{
	return sys.on[pe];
}

void pe_set_on(unsigned pe, bool on)
{
	sys.on[pe] = on;
}

size_t arrays_size(void)
{
	return sys.arena_size;
}

uint64_t table_writes(void)
{
	return sys.table_writes;
}

struct partition *partition_of(uint16_t id)
{
	struct partition *partition = spmc_partition(&sys.spmc, id);

	CHECK(partition != NULL);
	return partition;
}

struct exec_ctx *context_of(uint16_t id, unsigned pe)
{
	struct exec_ctx *ctx = id == NW ? &sys.spmc.pes[pe].normal_world
					: partition_context(partition_of(id), pe);

	CHECK(ctx != NULL);
	return ctx;
}

enum ctx_state state_of(uint16_t id, unsigned pe)
{
	return exec_ctx_state(context_of(id, pe));
}

uint16_t running(void)
{
	return sys.pe->current->endpoint->id;
}

const uint64_t *registers(void)
{
	return sys.pe->current->arch.x;
}

/* ---- steps -------------------------------------------------------------------------------------- */

void on_pe(unsigned pe)
{
	sys.pe = &sys.spmc.pes[pe];
	host_pe_enter(&sys.pe->arch);
}

void check_refusals(bool wanted)
{
	sys.refusals_unchecked = !wanted;
}

static void step(void)
{
	const struct exec_ctx *caller = sys.pe->current;
	uint64_t sum = 0, empty = 0;

	if (!sys.refusals_unchecked) {
		sum = fingerprint(caller);
		empty = fingerprint_of_empty_buffers();
	}
	note_registers();
	sys.actor = &caller->arch;
	run_loop_step(sys.pe);
	check_registers_kept();
	check_invariants();
	if (!sys.refusals_unchecked && sys.action.exit.reason == ARCH_EXIT_CALL &&
	    sys.pe->current == caller && (uint32_t)caller->arch.x[0] == FFA_ERROR_32) {
		CHECK_EQUAL(fingerprint(caller), sum);
		CHECK((uint32_t)caller->arch.x[2] == CODE(FFA_ABORTED) ||
		      fingerprint_of_empty_buffers() == empty);
	}
}

/** An odd value for register @n of @ctx: its own, and not zero in any byte. */
static uint64_t canary(const struct exec_ctx *ctx, unsigned n)
{
	return UINT64_C(0xc0de000000000000) | (uint64_t)ctx->endpoint->id << 24 |
	       (uint64_t)(ctx->index + 1) << 16 | 0x5500 | n;
}

static void set_registers(const uint64_t *x, size_t count)
{
	struct exec_ctx *ctx = sys.pe->current;

	for (unsigned i = 0; i < REGISTER_COUNT; i++) {
		ctx->arch.x[i] = i < count ? x[i] : i < CANARY_FIRST ? 0 : canary(ctx, i);
	}
}

void call_through(enum arch_conduit conduit, const uint64_t *x, size_t count)
{
	set_registers(x, count);
	sys.action = (struct action){ .exit = { .reason = ARCH_EXIT_CALL, .conduit = conduit } };
	step();
}

void call_with(uint16_t who, const uint64_t *x, size_t count)
{
	const struct exec_ctx *ctx = sys.pe->current;

	CHECK_EQUAL(ctx->endpoint->id, who);
	call_through(ctx->arch.kind == ARCH_KIND_S_EL0 ? ARCH_CONDUIT_SVC : ARCH_CONDUIT_SMC, x,
		     count);
}

void call_wide_with(uint16_t who, const uint64_t *x, size_t count)
{
	uint64_t all[18] = { 0 };

	memcpy(all, x, count * sizeof(x[0]));
	call_with(who, all, 18);
}

static void end_with(struct arch_exit exit)
{
	sys.action = (struct action){ .exit = exit };
	step();
}

void fiq(void)
{
	end_with(host_fiq());
}

void irq(void)
{
	end_with(host_irq());
}

/** A spurious interrupt is nothing to anybody. */
void turn(void)
{
	CHECK_EQUAL(host_interrupt_line(&sys.pe->arch), ARCH_INTERRUPT_NONE);
	irq();
}

void write_timer_control(unsigned which, uint64_t compare, uint32_t control)
{
	end_with(host_timer_write(&sys.pe->current->arch, which, compare, control));
}

void write_timer(unsigned which, uint64_t compare)
{
	write_timer_control(which, compare, ARCH_TIMER_ENABLE);
}

void wait_for_interrupt(void)
{
	end_with(host_wait());
}

void fault(const char *what, uint64_t address)
{
	sys.action = (struct action){ .exit = { .reason = ARCH_EXIT_FATAL },
				      .fault = what,
				      .fault_address = address };
	step();
}

static void fail_at(const char *file, int line, const char *what, unsigned n, uint64_t actual,
		    uint64_t expected)
{
	print_error("%s %u: 0x%llx, expected 0x%llx\n", what, n, (unsigned long long)actual,
		    (unsigned long long)expected);
	_fail(file, line);
}

void check_got(uint16_t who, const uint64_t *x, size_t count, bool wide, const char *file, int line)
{
	const struct exec_ctx *ctx = sys.pe->current;

	if (running() != who) {
		fail_at(file, line, "on PE, who runs:", sys.pe->index, running(), who);
	}
	for (unsigned i = 0; i < 18; i++) {
		uint64_t expected = i < count                  ? x[i]
				    : i < CANARY_FIRST || wide ? 0
							       : canary(ctx, i);

		if (ctx->arch.x[i] != expected) {
			fail_at(file, line, "x", i, ctx->arch.x[i], expected);
		}
	}
}
