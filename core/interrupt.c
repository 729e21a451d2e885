/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt controller, configured for the owners of interrupts (interrupt_owner.c). Shared interrupts are taken by their
 * home PE while its contexts run, else by the first whose do and want them: one that comes to a PE where its
 * partition has not started would be lost. Locks: RANK_INTERRUPT.
 */
#include "core/interrupt.h"

#include "core/spmc.h"

enum { NO_PE = UINT16_MAX };

static bool is_shared(const struct partition_interrupt *interrupt)
{
	return interrupt_is_shared(interrupt->config->id);
}

static struct partition_interrupt *interrupt_of(struct partition *partition, enum virq_bit bit)
{
	return &partition->interrupts[bit - VIRQ_BIT_PHYSICAL];
}

/* ---- power -------------------------------------------------------------------------------------- */

static uint64_t online(const struct spmc *spmc)
{
	return atomic_load_explicit(&spmc->interrupts.online, memory_order_seq_cst);
}

bool interrupts_pe_is_online(const struct spmc *spmc, unsigned pe_index)
{
	return (online(spmc) >> pe_index & 1) != 0;
}

/** What other PEs have for @pe, which has just said whether it is up. */
static void look_at_attention(struct pe *pe)
{
	/* seq_cst: see interrupts_pe_is_online() */
	pe->undelivered |= atomic_exchange_explicit(&pe->attention, 0, memory_order_seq_cst);
}

/** True when the context of @partition that serves PE @pe_index has enabled any of @mask. */
static bool wants_on(const struct partition *partition, uint64_t mask, unsigned pe_index)
{
	const struct exec_ctx *ctx = partition_context(partition, pe_index);

	return ctx != NULL && (virq_enabled(&ctx->virqs) & mask) != 0;
}

/** @home if it is among @pes and its context wants any of @mask, else the first of them; NO_PE: none. */
static uint16_t choose(const struct partition *partition, uint64_t mask, uint16_t home,
		       uint64_t pes)
{
	if ((pes >> home & 1) != 0 && wants_on(partition, mask, home)) {
		return home;
	}
	for (; pes != 0; pes &= pes - 1) {
		if (wants_on(partition, mask, (unsigned)__builtin_ctzll(pes))) {
			return (uint16_t)__builtin_ctzll(pes);
		}
	}
	return NO_PE;
}

/**
 * The PE that takes the @nth interrupt of @partition, a shared one, now: its home; while the contexts of that do not
 * run, one where it is wanted, or a context would hold it that never deals with it. While nobody wants it, it is off.
 */
static uint16_t best_route(const struct spmc *spmc, const struct partition *partition, unsigned nth)
{
	uint64_t ready = atomic_load_explicit(&spmc->interrupts.ready, memory_order_relaxed);
	uint16_t home = partition->interrupts[nth].home;
	uint64_t mask = VIRQ_MASK(VIRQ_BIT_PHYSICAL + nth);
	uint16_t best;

	if ((ready >> home & 1) != 0) {
		return home;
	}
	best = choose(partition, mask, home, ready);
	if (best == NO_PE) {
		best = choose(partition, mask, home, online(spmc));
	}
	if (best == NO_PE) {
		best = ready == 0 ? home : (uint16_t)__builtin_ctzll(ready);
	}
	return best;
}

/** True when a context of @partition has enabled the interrupt of @mask. */
static bool any_wants(const struct partition *partition, uint64_t mask)
{
	for (unsigned i = 0; i < partition->context_count; i++) {
		if ((virq_enabled(&partition->contexts[i].virqs) & mask) != 0) {
			return true;
		}
	}
	return false;
}

static void configure(const struct spmc *spmc, const struct pe *pe, struct partition *partition,
		      unsigned nth) REQUIRES(spmc -> interrupts.lock)
{
	struct partition_interrupt *interrupt = &partition->interrupts[nth];
	const struct interrupt_config *config = interrupt->config;
	struct arch_interrupt wanted = {
		.intid = config->id,
		.priority = config->priority,
		.level = config->level,
		.secure = interrupt->secure,
	};

	interrupt->route = best_route(spmc, partition, nth);
	interrupt->wanted_on &= ~(UINT64_C(1) << pe->index);
	wanted.mpidr = spmc->config->cpu_mpidr[interrupt->route];
	arch_interrupt_configure(&pe->arch, &wanted);
}

/** Brings the route of a shared interrupt in line with its home, what is up, and who wants it. */
static void reroute(const struct spmc *spmc, struct partition *partition, unsigned nth)
	REQUIRES(spmc -> interrupts.lock)
{
	struct partition_interrupt *interrupt = &partition->interrupts[nth];
	uint16_t route;

	if (!is_shared(interrupt)) {
		return;
	}
	route = best_route(spmc, partition, nth);
	if (route != interrupt->route) {
		interrupt->route = route;
		arch_interrupt_route(interrupt->config->id, spmc->config->cpu_mpidr[route]);
	}
}

/** True when the @nth interrupt of @partition, which has not ended, is enabled. */
static bool wants(const struct partition *partition, unsigned nth)
{
	return partition_state(partition) != PARTITION_ABORTED &&
	       any_wants(partition, VIRQ_MASK(VIRQ_BIT_PHYSICAL + nth));
}

void interrupts_power_up(struct pe *pe)
{
	struct spmc *spmc = pe->spmc;
	bool first = online(spmc) == 0;

	lock_acquire(&spmc->interrupts.lock);
	atomic_fetch_or_explicit(&spmc->interrupts.online, UINT64_C(1) << pe->index,
				 memory_order_seq_cst);
	look_at_attention(pe);
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];

		for (unsigned n = 0; n < partition->interrupt_count; n++) {
			struct partition_interrupt *interrupt = &partition->interrupts[n];

			if (first || !is_shared(interrupt)) {
				configure(spmc, pe, partition, n);
			}
			if (first && is_shared(interrupt) && wants(partition, n)) {
				arch_interrupt_enable(&pe->arch, interrupt->config->id);
			}
		}
	}
	lock_release(&spmc->interrupts.lock);
}

void interrupts_resume(struct pe *pe)
{
	struct spmc *spmc = pe->spmc;

	lock_acquire(&spmc->interrupts.lock);
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];

		for (unsigned n = 0; n < partition->interrupt_count; n++) {
			struct partition_interrupt *interrupt = &partition->interrupts[n];
			uint64_t wanted_on = interrupt->wanted_on;

			if (is_shared(interrupt)) {
				continue;
			}
			configure(spmc, pe, partition, n);
			interrupt->wanted_on = wanted_on;
			if ((wanted_on >> pe->index & 1) != 0 &&
			    partition_state(partition) != PARTITION_ABORTED) {
				arch_interrupt_enable(&pe->arch, interrupt->config->id);
			}
		}
	}
	lock_release(&spmc->interrupts.lock);
}

static void reroute_all(struct spmc *spmc) REQUIRES(spmc -> interrupts.lock)
{
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];

		for (unsigned n = 0; n < partition->interrupt_count; n++) {
			reroute(spmc, partition, n);
		}
	}
}

static void set_ready(struct pe *pe, bool ready)
{
	struct spmc *spmc = pe->spmc;
	uint64_t self = UINT64_C(1) << pe->index;
	uint64_t others;

	lock_acquire(&spmc->interrupts.lock);
	others = atomic_load_explicit(&spmc->interrupts.ready, memory_order_relaxed) & ~self;
	atomic_store_explicit(&spmc->interrupts.ready, ready ? others | self : others,
			      memory_order_relaxed);
	reroute_all(spmc);
	lock_release(&spmc->interrupts.lock);
}

void interrupts_ready(struct pe *pe)
{
	set_ready(pe, true);
}

void interrupts_not_ready(struct pe *pe)
{
	set_ready(pe, false);
}

/** @ctx, which goes off with its PE, wants nothing any more; what nobody else wants is off until somebody does. */
static void forget_wants(struct pe *pe, struct exec_ctx *ctx)
{
	struct partition *partition = ctx->partition;

	atomic_store_explicit(&ctx->virqs.enabled, 0, memory_order_relaxed);
	for (unsigned n = 0; n < partition->interrupt_count; n++) {
		const struct partition_interrupt *interrupt = &partition->interrupts[n];

		if (is_shared(interrupt) &&
		    !any_wants(partition, VIRQ_MASK(VIRQ_BIT_PHYSICAL + n))) {
			arch_interrupt_disable(&pe->arch, interrupt->config->id);
		}
	}
}

/** What @ctx, which goes off with its PE, has not dealt with comes again. */
static void give_up(struct spmc *spmc, struct exec_ctx *ctx)
{
	uint64_t held = atomic_load_explicit(&ctx->virqs.held, memory_order_relaxed);

	for (uint64_t bits = held & virq_pending(&ctx->virqs); bits != 0; bits &= bits - 1) {
		enum virq_bit bit = (enum virq_bit)__builtin_ctzll(bits);
		const struct partition_interrupt *interrupt = interrupt_of(ctx->partition, bit);

		if (is_shared(interrupt)) {
			arch_interrupt_pend(NULL, interrupt->config->id);
		}
	}
	interrupts_let_go(spmc, ctx, held);
}

/** @other, which cannot go off before the caller's lock is released, has what @pe had to deliver. */
static void hand_over(struct pe *pe, struct pe *other)
{
	timer_queue_empty(&pe->timers, &other->timers);
	/* of contexts that migrate; those of @pe are gone. release: pairs with the exchange in serve_kick() */
	atomic_fetch_or_explicit(&other->attention, pe->undelivered, memory_order_release);
	pe->undelivered = 0;
}

struct pe *interrupts_power_down(struct pe *pe)
{
	struct spmc *spmc = pe->spmc;
	struct pe *other = NULL;

	lock_acquire(&spmc->interrupts.lock);
	atomic_fetch_and_explicit(&spmc->interrupts.online, ~(UINT64_C(1) << pe->index),
				  memory_order_seq_cst);
	look_at_attention(pe);
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];
		struct exec_ctx *ctx = partition_context(partition, pe->index);

		if (partition->multi_processor && ctx != NULL) {
			forget_wants(pe, ctx);
			give_up(spmc, ctx);
		}
	}
	reroute_all(spmc);
	if (online(spmc) != 0) {
		other = &spmc->pes[__builtin_ctzll(online(spmc))];
		hand_over(pe, other);
	}
	lock_release(&spmc->interrupts.lock);
	return other;
}

/* ---- contexts ----------------------------------------------------------------------------------- */

/** Contexts of @partition that hold @bit, and do not want it, do so no longer: it pends for who does. */
static void take_back(struct spmc *spmc, struct partition *partition, enum virq_bit bit)
	REQUIRES(spmc -> interrupts.lock)
{
	for (unsigned i = 0; i < partition->context_count; i++) {
		struct exec_ctx *ctx = &partition->contexts[i];
		uint64_t held = atomic_load_explicit(&ctx->virqs.held, memory_order_relaxed);

		if ((held & virq_pending(&ctx->virqs) & ~virq_enabled(&ctx->virqs) &
		     VIRQ_MASK(bit)) != 0) {
			/* its owner touches what is enabled only, and enables with the lock held */
			atomic_fetch_and_explicit(&ctx->virqs.pending, ~VIRQ_MASK(bit),
						  memory_order_relaxed);
			arch_interrupt_pend(NULL, interrupt_of(partition, bit)->config->id);
			interrupts_let_go(spmc, ctx, VIRQ_MASK(bit));
		}
	}
}

void interrupt_enable(struct pe *pe, struct exec_ctx *ctx, enum virq_bit bit, bool enabled)
{
	struct partition *partition = ctx->partition;
	struct partition_interrupt *interrupt = interrupt_of(partition, bit);
	struct spmc *spmc = pe->spmc;
	uint64_t self = UINT64_C(1) << pe->index;

	lock_acquire(&spmc->interrupts.lock);
	virq_enable(&ctx->virqs, &ctx->arch, bit, enabled);
	reroute(spmc, partition, bit - VIRQ_BIT_PHYSICAL);
	if (enabled && is_shared(interrupt)) {
		take_back(spmc, partition, bit);
	}
	interrupt->wanted_on = enabled ? interrupt->wanted_on | self : interrupt->wanted_on & ~self;
	if (partition_state(partition) == PARTITION_ABORTED) {
		/* its interrupts are off for good */
	} else if (enabled) {
		arch_interrupt_enable(&pe->arch, interrupt->config->id);
	} else if (!is_shared(interrupt) || !any_wants(partition, VIRQ_MASK(bit))) {
		arch_interrupt_disable(&pe->arch, interrupt->config->id);
	}
	lock_release(&spmc->interrupts.lock);
}

void interrupts_let_go(struct spmc *spmc, struct exec_ctx *ctx, uint64_t bits)
{
	bits = virq_let_go(&ctx->virqs, bits);
	for (; bits != 0; bits &= bits - 1) {
		enum virq_bit bit = (enum virq_bit)__builtin_ctzll(bits);
		uint32_t intid = interrupt_of(ctx->partition, bit)->config->id;

		for (uint32_t pes = virq_take_pes(&ctx->virqs, bit); pes != 0; pes &= pes - 1) {
			arch_interrupt_deactivate(&spmc->pes[__builtin_ctz(pes)].arch, intid);
		}
	}
}

void interrupt_refuse(struct pe *pe, struct partition *partition, enum virq_bit bit)
{
	const struct partition_interrupt *interrupt = interrupt_of(partition, bit);
	uint32_t intid = interrupt->config->id;
	struct lock *lock = &pe->spmc->interrupts.lock;

	lock_acquire(lock);
	if (partition_state(partition) != PARTITION_ABORTED && is_shared(interrupt) &&
	    interrupt->route != pe->index) {
		arch_interrupt_pend(NULL, intid);
	} else {
		arch_interrupt_disable(&pe->arch, intid);
	}
	arch_interrupt_deactivate(&pe->arch, intid);
	lock_release(lock);
}

void interrupts_drop(struct spmc *spmc, struct partition *partition)
{
	lock_acquire(&spmc->interrupts.lock);
	for (unsigned i = 0; i < partition->interrupt_count; i++) {
		const struct partition_interrupt *interrupt = &partition->interrupts[i];

		for (unsigned n = 0; n < (is_shared(interrupt) ? 1 : spmc->pe_count); n++) {
			arch_interrupt_disable(&spmc->pes[n].arch, interrupt->config->id);
		}
	}
	for (unsigned i = 0; i < partition->context_count; i++) {
		struct virq_set *virqs = &partition->contexts[i].virqs;

		/* seq_cst: whoever holds one after this sees that the partition has ended */
		interrupts_let_go(spmc, &partition->contexts[i],
				  atomic_load_explicit(&virqs->held, memory_order_seq_cst));
	}
	lock_release(&spmc->interrupts.lock);
}

/* ---- reconfiguration ---------------------------------------------------------------------------- */

void interrupt_set_home(struct spmc *spmc, struct partition *partition, enum virq_bit bit,
			unsigned pe_index)
{
	struct partition_interrupt *interrupt = interrupt_of(partition, bit);

	lock_acquire(&spmc->interrupts.lock);
	interrupt->home = (uint16_t)pe_index;
	reroute(spmc, partition, bit - VIRQ_BIT_PHYSICAL);
	take_back(spmc, partition, bit);
	lock_release(&spmc->interrupts.lock);
}

void interrupt_assign(struct pe *pe, struct partition *partition, enum virq_bit bit, bool secure)
{
	struct partition_interrupt *interrupt = interrupt_of(partition, bit);
	struct spmc *spmc = pe->spmc;

	lock_acquire(&spmc->interrupts.lock);
	interrupt->secure = secure;
	arch_interrupt_assign(&pe->arch, interrupt->config->id, secure);
	lock_release(&spmc->interrupts.lock);
}
