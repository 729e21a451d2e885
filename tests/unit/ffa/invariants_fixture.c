/* SPDX-License-Identifier: BSD-3-Clause */
/* What holds after every step, whatever the call was: of chains, contexts, locks, windows, registers. */
#include "tests/unit/ffa/ffa_fixture.h"

enum { REGISTER_COUNT = 31 };

static struct {
	uint64_t x[(CONFIG_PARTITION_MAX + 1) * SYSTEM_PES][REGISTER_COUNT];
	unsigned count;
} noted;

/* ---- the system --------------------------------------------------------------------------------- */

static void check_lock_is_free(struct lock *lock)
{
	CHECK_EQUAL(lock->next, lock->serving);
}

/** What the notice board and entries of vCPUs rely on follows from what is pending. */
static void check_notifications(const struct notif_set *set)
{
	const struct notif_class_state *class = set->classes;
	uint64_t global = set->framework | class[0].pending | class[1].pending;
	bool news = (set->untold | set->untold_interrupts | class[0].untold_vcpus |
		     class[1].untold_vcpus) != 0;

	CHECK_EQUAL((*set->board & set->place) != 0, news);
	CHECK_EQUAL(set->wanted, global != 0 ? UINT64_MAX : class[0].vcpus | class[1].vcpus);
	CHECK(!(set->untold & NOTIF_FETCH_SPMC) || (uint32_t)set->framework != 0);
	CHECK(!(set->untold & NOTIF_FETCH_HYPERVISOR) || set->framework >> 32 != 0);
	for (unsigned i = 0; i < NOTIF_CLASS_COUNT; i++) {
		CHECK(!(set->untold & (unsigned)NOTIF_FETCH_PARTITIONS << i) ||
		      class[i].pending != 0);
		CHECK_EQUAL(class[i].untold_vcpus & ~class[i].vcpus, 0);
		CHECK_EQUAL(class[i].pending & ~class[i].bound, 0);
		for (unsigned v = 0; v < set->vcpu_count && class[i].vcpu_pending != NULL; v++) {
			CHECK_EQUAL(class[i].vcpu_pending[v] != 0, class[i].vcpus >> v & 1);
			CHECK_EQUAL(class[i].vcpu_pending[v] & ~class[i].bound, 0);
		}
	}
}

static void check_endpoint(struct endpoint *endpoint)
{
	CHECK(endpoint->mailbox.mapped || endpoint->mailbox.rx_state == RX_EMPTY);
	check_lock_is_free(&endpoint->mailbox.tx_lock);
	check_lock_is_free(&endpoint->mailbox.rx_lock);
	check_lock_is_free(&endpoint->notifications.lock);
	check_notifications(&endpoint->notifications);
}

/** A context that @pe has, in a chain: below others it is BLOCKED. */
static void check_link(const struct pe *pe, const struct exec_ctx *ctx)
{
	if (ctx->partition == NULL) {
		fail_msg("the normal world is in the middle of a chain");
		return;
	}
	CHECK(!ctx->partition->multi_processor || ctx->index == pe->index);
	CHECK_EQUAL(ctx->state >> CTX_STATE_BITS, pe->index);
	CHECK((ctx->modes & ctx->own_modes & CTX_QUEUES_OTHERS) ==
	      (ctx->own_modes & CTX_QUEUES_OTHERS));
	if (ctx != pe->current) {
		CHECK_EQUAL(exec_ctx_state(ctx), CTX_BLOCKED);
		CHECK(ctx->model != MODEL_CALLER); /* it calls nobody */
	}
}

/** What was called by @caller, which an interrupt took out of its call; returns how many these are. */
static unsigned check_branch(const struct pe *pe, const struct exec_ctx *caller)
{
	const struct exec_ctx *ctx = caller->interrupted;
	unsigned length = 0;

	CHECK(ctx != caller);
	while (ctx != caller) {
		CHECK(++length <= the_spmc()->partition_count);
		check_link(pe, ctx);
		ctx = ctx->previous;
		CHECK(ctx != NULL && ctx->partition != NULL);
	}
	return length;
}

/** Walks the chain of @pe from who runs to its beginning; returns its length without the normal world. */
static unsigned check_chain(const struct pe *pe)
{
	const struct exec_ctx *ctx = pe->current;
	enum ctx_state state = exec_ctx_state(ctx);
	unsigned length = 0;

	CHECK(state == CTX_RUNNING || state == CTX_STARTING);
	if (ctx->model == MODEL_CALLER) {
		length += check_branch(pe, ctx);
	}
	while (ctx->partition != NULL) {
		length++;
		CHECK(length <= the_spmc()->partition_count); /* acyclic: nobody is in it twice */
		check_link(pe, ctx);
		if (ctx->previous == NULL) {
			CHECK(pe->duty == DUTY_START || pe->duty == DUTY_STOP);
			CHECK_EQUAL(ctx->model, pe->duty == DUTY_START ? MODEL_INIT : MODEL_POWER);
			return length;
		}
		ctx = ctx->previous;
	}
	CHECK(ctx == &pe->normal_world);
	CHECK_EQUAL(exec_ctx_state(ctx), ctx == pe->current ? CTX_RUNNING : CTX_BLOCKED);
	CHECK(pe->duty == DUTY_NONE || pe->duty == DUTY_EL3_REQUEST);
	return length;
}

/** True when what runs on @pe does so because of an interrupt: in SPMC-scheduled mode, or called from there. */
static bool is_in_spmc_mode(const struct pe *pe)
{
	const struct exec_ctx *ctx = pe->current;

	while (ctx != NULL && ctx->model != MODEL_INTERRUPT && ctx->model != MODEL_CALLER) {
		ctx = ctx->previous;
	}
	return ctx != NULL;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/** Time is counted where nobody else could stop who runs, and the timer is set to what comes first. */
static void check_time(struct pe *pe)
{
	bool counts = pe->current->partition != NULL &&
		      (pe->duty != DUTY_NONE || is_in_spmc_mode(pe));
	bool told = host_interrupt(&pe->arch, ARCH_INTERRUPT_KICK).pending;
	uint64_t at = earlier(earlier(pe->budget_at, pe->exit_at), timer_queue_first(&pe->timers));

	CHECK_EQUAL(pe->timed != NULL, counts);
	CHECK_EQUAL(pe->budget_at != ARCH_NEVER, counts);
	CHECK_EQUAL(pe->timer_at, pe->arch.timer_at);
	CHECK(pe->timer_at <= at || told);
}

/** @ctx, in a chain, masks by itself, for what it does, or because its caller did. */
static bool has_reason_to_mask(const struct exec_ctx *ctx)
{
	return ((ctx->own_modes | ctx->previous->modes) & CTX_MASKS_NS) != 0 ||
	       (ctx->modes & CTX_LEAVES) != 0 || ctx->model == MODEL_INTERRUPT ||
	       ctx->model == MODEL_CALLER;
}

/** What of non-secure interrupts waits is what who runs says, and what was before comes back. */
static void check_masks(const struct pe *pe)
{
	const struct exec_ctx *ctx = pe->current;

	CHECK_EQUAL(pe->ns_masked, (ctx->modes & CTX_MASKS_NS) != 0);
	CHECK_EQUAL(pe->arch.normal_world_masked, pe->ns_masked || pe->mask_before != 0);
	CHECK(!is_in_spmc_mode(pe) || pe->ns_masked);
	CHECK(pe->duty == DUTY_NONE || pe->ns_masked);
	for (; ctx->partition != NULL && ctx->previous != NULL; ctx = ctx->previous) {
		CHECK((ctx->previous->modes & CTX_QUEUES_OTHERS & ~ctx->modes) == 0);
		CHECK((ctx->modes & CTX_MASKS_NS) == 0 || has_reason_to_mask(ctx));
	}
}

static uint64_t held_of(const struct exec_ctx *ctx)
{
	return ctx->virqs.held;
}

/** What is held is active in the interrupt controller, and either pends or is being handled. */
static void check_held(const struct exec_ctx *ctx)
{
	uint64_t physical = ctx->virqs.pending & ~(VIRQ_MASK(VIRQ_BIT_PHYSICAL) - 1);

	if (partition_state(ctx->partition) != PARTITION_ABORTED &&
	    exec_ctx_state(ctx) != CTX_OFF) {
		CHECK_EQUAL(held_of(ctx), physical | ctx->virqs.handled);
		CHECK_EQUAL(physical & ctx->virqs.handled, 0);
	}
	for (uint64_t bits = held_of(ctx); bits != 0; bits &= bits - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(bits);
		const struct pe *pe = &the_spmc()->pes[__builtin_ctz(ctx->virqs.held_on[bit])];

		CHECK(bit >= VIRQ_BIT_PHYSICAL);
		CHECK(host_interrupt(&pe->arch, partition_virq_id(ctx->partition, bit)).active);
	}
}

/** The lines of a context that runs here say what pends; a kick may be on its way. */
static void check_lines(const struct exec_ctx *ctx)
{
	const struct pe *pe = &the_spmc()->pes[ctx->state >> CTX_STATE_BITS];
	uint64_t asserted = virq_asserted(&ctx->virqs);

	if (pe->attention >> ctx->partition->number & 1) {
		CHECK(host_interrupt(&pe->arch, ARCH_INTERRUPT_KICK).pending);
		return;
	}
	CHECK_EQUAL(ctx->arch.machine.irq_line, (asserted & ~ctx->virqs.fiq) != 0);
	CHECK_EQUAL(ctx->arch.machine.fiq_line, (asserted & ctx->virqs.fiq) != 0);
}

/** Contexts that no chain holds are at rest; returns how many are in chains. */
static unsigned check_contexts(const struct partition *partition)
{
	unsigned owned = 0;

	for (unsigned i = 0; i < partition->context_count; i++) {
		const struct exec_ctx *ctx = &partition->contexts[i];
		enum ctx_state state = exec_ctx_state(ctx);

		check_held(ctx);
		CHECK(partition_state(partition) != PARTITION_ABORTED || held_of(ctx) == 0);
		if (state == CTX_RUNNING || state == CTX_STARTING || state == CTX_BLOCKED) {
			CHECK(ctx->model != MODEL_NONE);
			if (partition_state(partition) != PARTITION_ABORTED) {
				check_lines(ctx);
			}
			owned++;
			continue;
		}
		CHECK_EQUAL(ctx->state, state); /* no PE has it */
		CHECK(ctx->previous == NULL);
		CHECK(state != CTX_OFF || held_of(ctx) == 0);
		CHECK(state == CTX_ABORTED ||
		      (state == CTX_WAITING || state == CTX_OFF) == (ctx->model == MODEL_NONE));
		CHECK(!ctx->arch.migrates || ctx->arch.machine.resident == NULL);
	}
	return owned;
}

static unsigned check_pe(struct pe *pe)
{
	check_lock_is_free(&pe->timers.lock);
	CHECK(!host_interrupt(&pe->arch, ARCH_INTERRUPT_KICK)
		       .active); /* the SPMC's own are done with */
	CHECK(!host_interrupt(&pe->arch, ARCH_INTERRUPT_TIMER).active);
	if (!pe_is_on(pe->index)) {
		return 0;
	}
	check_time(pe);
	check_masks(pe);
	CHECK(pe->undelivered == 0 || pe->errands);
	return check_chain(pe);
}

void check_invariants(void)
{
	struct spmc *spmc = the_spmc();
	unsigned in_chains = 0, owned = 0;

	CHECK(host_windows_are_closed(&spmc->pes[0].arch, sizeof(struct pe), spmc->pe_count));
	check_lock_is_free(&spmc->pool.lock);
	check_lock_is_free(&spmc->vms.lock);
	check_lock_is_free(&spmc->el3_lock);
	check_lock_is_free(&spmc->interrupts.lock);
	for (unsigned i = 0; i < spmc->vms.count; i++) {
		check_endpoint(&spmc->vms.vms[i].endpoint);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];

		check_lock_is_free(&partition->space.lock);
		check_lock_is_free(&partition->console_quota.lock);
		check_endpoint(&partition->endpoint);
		owned += check_contexts(partition);
	}
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		in_chains += check_pe(&spmc->pes[i]);
	}
	CHECK_EQUAL(owned, in_chains); /* with acyclic chains: each is in exactly one */
}

/* ---- registers ---------------------------------------------------------------------------------- */

static void note_context(const struct exec_ctx *ctx)
{
	memcpy(noted.x[noted.count++], ctx->arch.x, sizeof(noted.x[0]));
}

void note_registers(void)
{
	const struct spmc *spmc = the_spmc();

	noted.count = 0;
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		note_context(&spmc->pes[i].normal_world);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		for (unsigned c = 0; c < spmc->partitions[i].context_count; c++) {
			note_context(&spmc->partitions[i].contexts[c]);
		}
	}
}

/**
 * True when the step may have completed a call of @ctx: it runs; an interrupt came before it could; or it was
 * told that its callee is preempted, while somebody else ended.
 */
static bool may_have_answer(const struct exec_ctx *ctx)
{
	const struct exec_ctx *at = this_pe()->current;

	while (at != ctx && at->model == MODEL_INTERRUPT) {
		at = at->previous;
	}
	return at == ctx ||
	       (exec_ctx_state(ctx) == CTX_PREEMPTED && ctx->arch.x[0] == FFA_INTERRUPT_32);
}

static void check_context_kept(const struct exec_ctx *ctx, const uint64_t *before)
{
	bool starting = exec_ctx_state(ctx) == CTX_STARTING; /* all registers are made up */
	size_t first = may_have_answer(ctx) ? 18 : 0;

	if (!starting) {
		CHECK_BYTES(ctx->arch.x + first, before + first,
			    (REGISTER_COUNT - first) * sizeof(uint64_t));
	}
}

void check_registers_kept(void)
{
	const struct spmc *spmc = the_spmc();
	unsigned at = 0;

	for (unsigned i = 0; i < spmc->pe_count; i++) {
		check_context_kept(&spmc->pes[i].normal_world, noted.x[at++]);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		for (unsigned c = 0; c < spmc->partitions[i].context_count; c++) {
			check_context_kept(&spmc->partitions[i].contexts[c], noted.x[at++]);
		}
	}
}
