/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt controller and the timers of the host's machine. PEs may be threads: one mutex guards it all,
 * except for a PE's timer, which is its own.
 */
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "arch/host/internal.h"

enum {
	FIRST_SHARED = 32,
	END_SHARED = 1020,
	FIRST_EXTENDED_PRIVATE = 1056,
	END_EXTENDED_PRIVATE = 1120,
	FIRST_EXTENDED_SHARED = 4096,
	END_EXTENDED_SHARED = 5120,

	PRIVATE_COUNT = FIRST_SHARED + END_EXTENDED_PRIVATE - FIRST_EXTENDED_PRIVATE,
	SHARED_COUNT = END_SHARED - FIRST_SHARED + END_EXTENDED_SHARED - FIRST_EXTENDED_SHARED,
	DEFAULT_PRIORITY = 0x40, /* of partitions' interrupts */
};

struct source {
	struct host_interrupt state; /* pending: latched */
	uint32_t intid;
	unsigned raised_on; /* PE that takes it as long as nobody has touched it */
	bool held;
	bool masked; /* disabled by the SPMC */
};

struct pe_interrupts {
	const struct arch_pe *pe; /* NULL: never came up */
	struct source sources[PRIVATE_COUNT];
	unsigned kick_count;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct { /* all of it guarded by mutex, but for group0 */
	unsigned pe_end, shared_end; /* of what was ever touched below */
	_Atomic uint32_t group0;
	struct pe_interrupts pes[HOST_PE_MAX];
	struct source shared[SHARED_COUNT];
} gic;

void interrupts_reset(void)
{
	pthread_mutex_lock(&mutex);
	memset(&gic, 0, sizeof(gic));
	gic.group0 = ARCH_INTERRUPT_NONE;
	pthread_mutex_unlock(&mutex);
}

/* ---- finding ------------------------------------------------------------------------------------ */

static bool is_private(uint32_t intid)
{
	return intid < FIRST_SHARED ||
	       (intid >= FIRST_EXTENDED_PRIVATE && intid < END_EXTENDED_PRIVATE);
}

bool arch_interrupt_exists(uint32_t intid)
{
	return is_private(intid) || intid < END_SHARED ||
	       (intid >= FIRST_EXTENDED_SHARED && intid < END_EXTENDED_SHARED);
}

static unsigned index_of(const struct arch_pe *pe)
{
	unsigned index = pe == NULL ? 0 : pe->index;

	if (index >= HOST_PE_MAX) {
		host_stop("host: interrupts of PE %u: there are %d", index, HOST_PE_MAX);
	}
	return index;
}

/** Checked before the mutex is taken: an SPMC that asks for what does not exist is wrong. */
static void check(const struct arch_pe *pe, uint32_t intid)
{
	(void)index_of(pe);
	if (!arch_interrupt_exists(intid)) {
		host_stop("host: there is no interrupt %u", intid);
	}
}

static struct source *shared(unsigned place)
{
	gic.shared_end = place < gic.shared_end ? gic.shared_end : place + 1;
	return &gic.shared[place];
}

static struct source *find(const struct arch_pe *pe, uint32_t intid)
{
	struct source *source;

	if (intid < FIRST_SHARED) {
		source = &gic.pes[index_of(pe)].sources[intid];
	} else if (is_private(intid)) {
		source = &gic.pes[index_of(pe)]
				  .sources[intid - FIRST_EXTENDED_PRIVATE + FIRST_SHARED];
	} else if (intid < END_SHARED) {
		source = shared(intid - FIRST_SHARED);
	} else {
		source = shared(intid - FIRST_EXTENDED_SHARED + END_SHARED - FIRST_SHARED);
	}
	source->intid = intid;
	return source;
}

static struct source *lock_source(const struct arch_pe *pe, uint32_t intid)
{
	check(pe, intid);
	pthread_mutex_lock(&mutex);
	return find(pe, intid);
}

static void unlock(void)
{
	pthread_mutex_unlock(&mutex);
}

void interrupts_pe_up(const struct arch_pe *pe)
{
	struct pe_interrupts *own = &gic.pes[index_of(pe)];

	pthread_mutex_lock(&mutex);
	own->pe = pe;
	gic.pe_end = pe->index < gic.pe_end ? gic.pe_end : pe->index + 1;
	for (unsigned i = 0; i < PRIVATE_COUNT; i++) {
		struct source *source = &own->sources[i];

		source->state = (struct host_interrupt){ .pending = source->state.pending };
		source->masked = false;
	}
	unlock();
}

/* ---- what a PE takes ---------------------------------------------------------------------------- */

static bool is_pending(const struct source *source)
{
	return source->state.pending || source->held;
}

/** What the SPMC has not touched yet is taken for an interrupt of the secure world that is on. */
static bool is_deliverable(const struct source *source)
{
	if (source->state.active) {
		return false;
	}
	if (!source->state.touched) {
		return true;
	}
	return source->state.enabled && source->state.secure;
}

static bool is_for(const struct source *source, const struct arch_pe *pe)
{
	return source->state.touched ? source->state.mpidr == pe->mpidr
				     : source->raised_on == pe->index;
}

static unsigned urgency(const struct source *source)
{
	if (source->intid == ARCH_INTERRUPT_KICK || source->intid == ARCH_INTERRUPT_TIMER) {
		return 0;
	}
	return source->state.priority != 0 ? source->state.priority : DEFAULT_PRIORITY;
}

static struct source *more_urgent(struct source *best, struct source *other)
{
	if (best == NULL || urgency(other) < urgency(best)) {
		return other;
	}
	return best;
}

/** The most urgent interrupt of @pe, the lowest number among equals; NULL: none. */
static struct source *next(const struct arch_pe *pe)
{
	struct pe_interrupts *own = &gic.pes[pe->index];
	struct source *best = NULL;

	for (unsigned i = 0; i < PRIVATE_COUNT; i++) {
		struct source *source = &own->sources[i];
		bool asserted = i == ARCH_INTERRUPT_TIMER && host_timer_asserts(pe);

		source->intid = i < FIRST_SHARED ? i : i - FIRST_SHARED + FIRST_EXTENDED_PRIVATE;
		if ((asserted || is_pending(source)) && is_deliverable(source)) {
			best = more_urgent(best, source);
		}
	}
	for (unsigned i = 0; i < gic.shared_end; i++) {
		struct source *source = &gic.shared[i];

		if (is_pending(source) && is_deliverable(source) && is_for(source, pe)) {
			best = more_urgent(best, source);
		}
	}
	return best;
}

uint32_t arch_interrupt_acknowledge(void)
{
	const struct arch_pe *pe = arch_pe_self();
	uint32_t intid = ARCH_INTERRUPT_NONE;
	struct source *source;

	(void)index_of(pe);
	pthread_mutex_lock(&mutex);
	source = next(pe);
	if (source != NULL) {
		intid = source->intid;
		source->state.pending = false;
		source->state.active = true;
		source->state.taken++;
	}
	unlock();
	return intid;
}

uint32_t host_interrupt_line(const struct arch_pe *pe)
{
	const struct source *source;
	uint32_t intid;

	(void)index_of(pe);
	pthread_mutex_lock(&mutex);
	source = next(pe);
	intid = source == NULL ? (uint32_t)ARCH_INTERRUPT_NONE : source->intid;
	unlock();
	return intid;
}

void arch_interrupt_deactivate(const struct arch_pe *pe, uint32_t intid)
{
	lock_source(pe, intid)->state.active = false;
	unlock();
}

/* ---- what the SPMC makes of them ---------------------------------------------------------------- */

void arch_interrupt_init(uint64_t distributor, uint64_t redistributor)
{
	(void)distributor;
	(void)redistributor;
}

void arch_interrupt_configure(const struct arch_pe *pe, const struct arch_interrupt *interrupt)
{
	struct source *source = lock_source(pe, interrupt->intid);

	source->state = (struct host_interrupt){
		.touched = true,
		.secure = interrupt->secure,
		.level = interrupt->level,
		.priority = interrupt->priority,
		.mpidr = interrupt->mpidr,
		.taken = source->state.taken,
	};
	source->masked = false;
	unlock();
}

/** What was never configured goes on as it was raised: secure, for the PE that it was raised on. */
static void touch(struct source *source)
{
	if (!source->state.touched) {
		source->state.touched = true;
		source->state.secure = true;
		source->state.mpidr = gic.pes[source->raised_on].pe != NULL
					      ? gic.pes[source->raised_on].pe->mpidr
					      : source->raised_on;
	}
}

void arch_interrupt_assign(const struct arch_pe *pe, uint32_t intid, bool secure)
{
	struct source *source = lock_source(pe, intid);

	touch(source);
	source->state.secure = secure;
	unlock();
}

void arch_interrupt_route(uint32_t intid, uint64_t mpidr)
{
	struct source *source = lock_source(NULL, intid);

	touch(source);
	source->state.mpidr = mpidr;
	unlock();
}

static void set_enabled(const struct arch_pe *pe, uint32_t intid, bool enabled)
{
	struct source *source = lock_source(pe, intid);

	touch(source);
	source->state.enabled = enabled;
	source->masked = !enabled;
	unlock();
}

void arch_interrupt_enable(const struct arch_pe *pe, uint32_t intid)
{
	set_enabled(pe, intid, true);
}

void arch_interrupt_disable(const struct arch_pe *pe, uint32_t intid)
{
	set_enabled(pe, intid, false);
}

void arch_interrupt_pend(const struct arch_pe *pe, uint32_t intid)
{
	host_interrupt_raise_on(pe, intid);
}

/** A PE that does not exist, or is off, is not told. */
void arch_interrupt_kick(uint64_t mpidr)
{
	pthread_mutex_lock(&mutex);
	for (unsigned i = 0; i < HOST_PE_MAX; i++) {
		struct pe_interrupts *own = &gic.pes[i];

		if (own->pe != NULL && own->pe->mpidr == mpidr) {
			own->kick_count++;
			own->sources[ARCH_INTERRUPT_KICK].state.pending = true;
		}
	}
	unlock();
}

void arch_interrupt_raise_sri(void)
{
	arch_pe_self()->sri_count++;
}

uint32_t arch_interrupt_group0_pending(void)
{
	return gic.group0;
}

uint32_t arch_interrupt_mask_normal_world(void)
{
	struct arch_pe *pe = arch_pe_self();
	bool before = pe->normal_world_masked;

	pe->normal_world_masked = true;
	return before ? 1 : 0;
}

void arch_interrupt_mask_group0(void)
{
	arch_pe_self()->group0_masked = true;
}

void arch_interrupt_mask_restore(uint32_t mask)
{
	arch_pe_self()->group0_masked = false;
	arch_pe_self()->normal_world_masked = mask != 0;
}

void arch_timer_set(uint64_t at)
{
	/* relaxed: the PE's own; others only look */
	atomic_store_explicit(&arch_pe_self()->timer_at, at, memory_order_relaxed);
}

/* ---- what tests do and see ---------------------------------------------------------------------- */

struct host_interrupt host_interrupt(const struct arch_pe *pe, uint32_t intid)
{
	const struct source *source = lock_source(pe, intid);
	struct host_interrupt state = source->state;

	state.pending = is_pending(source);
	if (intid == ARCH_INTERRUPT_TIMER && host_timer_asserts(pe)) {
		state.pending = true;
	}
	unlock();
	return state;
}

static void nothing_pends(const struct arch_pe *pe)
{
	unsigned index = index_of(pe);

	pthread_mutex_lock(&mutex);
	for (unsigned i = 0; i < PRIVATE_COUNT; i++) {
		gic.pes[index].sources[i].state.pending = false;
	}
	for (unsigned i = 0; i < SHARED_COUNT; i++) {
		gic.shared[i].state.pending = false;
	}
	unlock();
}

void host_interrupt_raise_on(const struct arch_pe *pe, uint32_t intid)
{
	struct source *source;

	if (intid == ARCH_INTERRUPT_NONE) {
		nothing_pends(pe);
		return;
	}
	source = lock_source(pe, intid);
	source->raised_on = index_of(pe);
	source->state.pending = true;
	unlock();
}

void host_interrupt_raise(uint32_t intid)
{
	host_interrupt_raise_on(arch_pe_self(), intid);
}

/** An edge is latched; a level is there as long as it is. */
void host_interrupt_hold(uint32_t intid, bool asserted)
{
	const struct arch_pe *pe = arch_pe_self();
	struct source *source = lock_source(pe, intid);
	bool level = !source->state.touched || source->state.level;

	source->raised_on = index_of(pe);
	if (!level && asserted) {
		source->state.pending = true;
	}
	source->held = level && asserted;
	unlock();
}

void host_interrupt_raise_group0(uint32_t intid)
{
	pthread_mutex_lock(&mutex);
	gic.group0 = intid;
	unlock();
}

bool host_interrupt_is_masked(uint32_t intid)
{
	bool masked = lock_source(arch_pe_self(), intid)->masked;

	unlock();
	return masked;
}

unsigned host_kick_count(const struct arch_pe *pe)
{
	unsigned index = index_of(pe);
	unsigned count;

	pthread_mutex_lock(&mutex);
	count = gic.pes[index].kick_count;
	unlock();
	return count;
}

uint64_t host_timer_at(const struct arch_pe *pe)
{
	return atomic_load_explicit(&pe->timer_at, memory_order_relaxed);
}

bool host_timer_asserts(const struct arch_pe *pe)
{
	uint64_t at = host_timer_at(pe);

	return pe->initialized && at != ARCH_NEVER && arch_counter() >= at;
}

enum { HEAD_SIZE = offsetof(typeof(gic), pes) };

/** Going back: private interrupts of PEs that never came up are not in it. */
size_t interrupts_save(uint8_t *to)
{
	size_t pes = gic.pe_end * sizeof(gic.pes[0]);
	size_t sources = gic.shared_end * sizeof(gic.shared[0]);

	if (to != NULL) {
		memcpy(to, &gic, HEAD_SIZE);
		memcpy(to + HEAD_SIZE, gic.pes, pes);
		memcpy(to + HEAD_SIZE + pes, gic.shared, sources);
	}
	return HEAD_SIZE + pes + sources;
}

void interrupts_restore(const uint8_t *from)
{
	memset(gic.shared, 0, gic.shared_end * sizeof(gic.shared[0]));
	memcpy(&gic, from, HEAD_SIZE);
	from += HEAD_SIZE;
	memcpy(gic.pes, from, gic.pe_end * sizeof(gic.pes[0]));
	from += gic.pe_end * sizeof(gic.pes[0]);
	memcpy(gic.shared, from, gic.shared_end * sizeof(gic.shared[0]));
}
