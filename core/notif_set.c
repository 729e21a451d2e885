/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notifications of one receiver: bindings, what is pending, what was told. Knows no endpoints and no
 * registers (ffa/notification.c does). Takes RANK_NOTIF_SET; every call takes a time bounded by the
 * notifications and vCPUs of one receiver.
 */
#include "core/notif_set.h"

#include "core/assert.h"
#include "lib/string.h"

enum {
	LIST_VCPUS_MAX = 3, /* vCPU IDs behind one endpoint ID */
	BOARD_WORD_BITS = 64,
};

static uint64_t bit(unsigned n)
{
	return UINT64_C(1) << n;
}

void notif_set_init(struct notif_set *set, struct notif_board *board, unsigned place)
{
	assert(place < NOTIF_BOARD_MAX);
	lock_init(&set->lock, RANK_NOTIF_SET);
	set->board = &board->word[place / BOARD_WORD_BITS];
	set->place = bit(place % BOARD_WORD_BITS);
	atomic_init(&set->receiver, NOTIF_NOBODY);
}

void notif_set_name(struct notif_set *set, uint16_t id)
{
	atomic_store_explicit(&set->receiver, NOTIF_NOBODY | id, memory_order_relaxed);
}

/* ---- what follows from the rest ----------------------------------------------------------------- */

/** Brings `wanted` in line with what is pending. */
static void update_wanted(struct notif_set *set) REQUIRES(set -> lock)
{
	const struct notif_class_state *partitions = &set->classes[NOTIF_FROM_PARTITIONS];
	const struct notif_class_state *vms = &set->classes[NOTIF_FROM_VMS];
	bool global = (set->framework | partitions->pending | vms->pending) != 0;

	atomic_store_explicit(&set->wanted, global ? UINT64_MAX : partitions->vcpus | vms->vcpus,
			      memory_order_relaxed);
}

static bool has_news(const struct notif_set *set)
{
	return (set->untold | set->untold_interrupts |
		set->classes[NOTIF_FROM_PARTITIONS].untold_vcpus |
		set->classes[NOTIF_FROM_VMS].untold_vcpus) != 0;
}

static void enter_on_board(struct notif_set *set) REQUIRES(set -> lock)
{
	if ((atomic_load_explicit(set->board, memory_order_relaxed) & set->place) == 0) {
		atomic_fetch_or_explicit(set->board, set->place, memory_order_relaxed);
	}
}

/** Takes the receiver off the board unless there are news of it. Most have been told and are off it. */
static void leave_board(struct notif_set *set) REQUIRES(set -> lock)
{
	if ((atomic_load_explicit(set->board, memory_order_relaxed) & set->place) != 0 &&
	    !has_news(set)) {
		atomic_fetch_and_explicit(set->board, ~set->place, memory_order_relaxed);
	}
}

/* ---- being there -------------------------------------------------------------------------------- */

void notif_set_enable(struct notif_set *set, uint16_t id, uint16_t vcpu_count,
		      uint64_t *const words[NOTIF_CLASS_COUNT])
{
	lock_acquire(&set->lock);
	for (unsigned i = 0; i < NOTIF_CLASS_COUNT; i++) {
		set->classes[i] = (struct notif_class_state){ .vcpu_pending = words[i] };
		if (words[i] != NULL) {
			memset(words[i], 0, vcpu_count * sizeof(words[i][0]));
		}
	}
	set->vcpu_count = vcpu_count; /* nothing is left of an earlier receiver: drop() */
	atomic_store_explicit(&set->receiver, id, memory_order_relaxed);
	update_wanted(set);
	lock_release(&set->lock);
}

static void drop(struct notif_set *set) REQUIRES(set -> lock)
{
	atomic_fetch_or_explicit(&set->receiver, NOTIF_NOBODY, memory_order_relaxed);
	set->framework = 0;
	set->untold = 0;
	set->untold_interrupts = 0;
	for (unsigned i = 0; i < NOTIF_CLASS_COUNT; i++) {
		set->classes[i] = (struct notif_class_state){ 0 };
	}
	update_wanted(set);
	leave_board(set);
}

/**
 * The receiver @id gives its notifications up, with all bindings.
 *
 * NOTIF_DISABLED  it has none.
 * NOTIF_PENDING   something is pending.
 */
enum notif_result notif_set_disable(struct notif_set *set, uint16_t id)
{
	enum notif_result result = NOTIF_OK;

	lock_acquire(&set->lock);
	if (!notif_set_serves(set, id)) {
		result = NOTIF_DISABLED;
	} else if (atomic_load_explicit(&set->wanted, memory_order_relaxed) != 0) {
		result = NOTIF_PENDING;
	} else {
		drop(set);
	}
	lock_release(&set->lock);
	return result;
}

void notif_set_drop(struct notif_set *set)
{
	lock_acquire(&set->lock);
	drop(set);
	lock_release(&set->lock);
}

/* ---- bindings ----------------------------------------------------------------------------------- */

static bool all_bound_to(const struct notif_class_state *class, uint16_t sender, uint64_t ids)
{
	if ((ids & ~class->bound) != 0) {
		return false;
	}
	for (; ids != 0; ids &= ids - 1) {
		if (class->sender[__builtin_ctzll(ids)] != sender) {
			return false;
		}
	}
	return true;
}

static bool any_pending(const struct notif_set *set, const struct notif_class_state *class,
			uint64_t ids)
{
	uint64_t pending = class->pending;

	for (uint64_t vcpus = class->vcpus; vcpus != 0; vcpus &= vcpus - 1) {
		pending |= class->vcpu_pending[__builtin_ctzll(vcpus)];
	}
	return (pending & ids) != 0;
}

static enum notif_result bind(struct notif_set *set, struct notif_party party, uint64_t ids,
			      enum notif_kind kind) REQUIRES(set -> lock)
{
	struct notif_class_state *class = &set->classes[party.class];

	if (!notif_set_serves(set, party.receiver)) {
		return NOTIF_DISABLED;
	}
	if ((ids & class->bound) != 0) {
		return NOTIF_NOT_FREE;
	}

	class->bound |= ids;
	class->per_vcpu = kind == NOTIF_PER_VCPU ? class->per_vcpu | ids : class->per_vcpu & ~ids;
	for (; ids != 0; ids &= ids - 1) {
		class->sender[__builtin_ctzll(ids)] = party.sender;
	}
	return NOTIF_OK;
}

/**
 * Binds @ids of the receiver to the sender; all or none.
 *
 * NOTIF_DISABLED  the receiver has no notifications.
 * NOTIF_NOT_FREE  one is bound, to whomever.
 */
enum notif_result notif_set_bind(struct notif_set *set, struct notif_party party, uint64_t ids,
				 enum notif_kind kind)
{
	enum notif_result result;

	lock_acquire(&set->lock);
	result = bind(set, party, ids, kind);
	lock_release(&set->lock);
	return result;
}

static enum notif_result unbind(struct notif_set *set, struct notif_party party, uint64_t ids)
	REQUIRES(set -> lock)
{
	struct notif_class_state *class = &set->classes[party.class];

	if (!notif_set_serves(set, party.receiver)) {
		return NOTIF_DISABLED;
	}
	if (!all_bound_to(class, party.sender, ids)) {
		return NOTIF_NOT_BOUND;
	}
	if (any_pending(set, class, ids)) {
		return NOTIF_PENDING;
	}

	class->bound &= ~ids;
	return NOTIF_OK;
}

/**
 * Frees @ids; all or none.
 *
 * NOTIF_DISABLED   the receiver has no notifications.
 * NOTIF_NOT_BOUND  one is not bound to this sender.
 * NOTIF_PENDING    one is pending, on whichever vCPU.
 */
enum notif_result notif_set_unbind(struct notif_set *set, struct notif_party party, uint64_t ids)
{
	enum notif_result result;

	lock_acquire(&set->lock);
	result = unbind(set, party, ids);
	lock_release(&set->lock);
	return result;
}

/* ---- signalling --------------------------------------------------------------------------------- */

/** Makes @ids pend; those that pend already are told no second time. @told_as: enum notif_fetch. */
static void pend(struct notif_set *set, struct notif_class_state *class, uint32_t told_as,
		 uint64_t ids) REQUIRES(set -> lock)
{
	bool news = (ids & ~class->pending) != 0;

	class->pending |= ids;
	if (!news || (set->untold & told_as) != 0) {
		return; /* others of the class are to be told: all is as it should be */
	}
	set->untold |= told_as;
	atomic_store_explicit(&set->wanted, UINT64_MAX, memory_order_relaxed);
	enter_on_board(set);
}

/** The same on @vcpu alone. */
static void pend_on(struct notif_set *set, struct notif_class_state *class, uint16_t vcpu,
		    uint64_t ids) REQUIRES(set -> lock)
{
	if ((ids & ~class->vcpu_pending[vcpu]) == 0) {
		return;
	}
	class->vcpu_pending[vcpu] |= ids;
	class->vcpus |= bit(vcpu);
	class->untold_vcpus |= bit(vcpu);
	update_wanted(set);
	enter_on_board(set);
}

static enum notif_result signal(struct notif_set *set, struct notif_party party, uint64_t ids,
				enum notif_kind kind, uint16_t vcpu) REQUIRES(set -> lock)
{
	struct notif_class_state *class = &set->classes[party.class];

	if (!notif_set_serves(set, party.receiver)) {
		return NOTIF_DISABLED;
	}
	if (!all_bound_to(class, party.sender, ids)) {
		return NOTIF_NOT_BOUND;
	}
	if (kind == NOTIF_GLOBAL) {
		if ((ids & class->per_vcpu) != 0) {
			return NOTIF_OTHER_KIND;
		}
		pend(set, class, (uint32_t)NOTIF_FETCH_PARTITIONS << party.class, ids);
		return NOTIF_OK;
	}
	if ((ids & ~class->per_vcpu) != 0) {
		return NOTIF_OTHER_KIND;
	}
	if (vcpu >= set->vcpu_count) {
		return NOTIF_NO_VCPU;
	}
	pend_on(set, class, vcpu, ids);
	return NOTIF_OK;
}

/**
 * Makes @ids pend, on @vcpu when they are per vCPU; all or none.
 *
 * NOTIF_DISABLED    the receiver has no notifications.
 * NOTIF_NOT_BOUND   one is not bound to this sender.
 * NOTIF_OTHER_KIND  one is not of @kind.
 * NOTIF_NO_VCPU     the receiver has no such vCPU.
 */
enum notif_result notif_set_signal(struct notif_set *set, struct notif_party party, uint64_t ids,
				   enum notif_kind kind, uint16_t vcpu)
{
	enum notif_result result;

	lock_acquire(&set->lock);
	result = signal(set, party, ids, kind, vcpu);
	lock_release(&set->lock);
	return result;
}

/** Which of the framework's bitmaps have one of @bits: enum notif_fetch. */
static uint32_t framework_maps(uint64_t bits)
{
	return ((uint32_t)bits != 0 ? NOTIF_FETCH_SPMC : 0U) |
	       (bits >> 32 != 0 ? NOTIF_FETCH_HYPERVISOR : 0U);
}

bool notif_set_signal_framework(struct notif_set *set, uint16_t receiver, uint64_t bits)
{
	bool there;

	lock_acquire(&set->lock);
	there = notif_set_serves(set, receiver);
	if (there && (bits & ~set->framework) != 0) {
		set->untold |= framework_maps(bits & ~set->framework);
		set->framework |= bits;
		atomic_store_explicit(&set->wanted, UINT64_MAX, memory_order_relaxed);
		enter_on_board(set);
	}
	lock_release(&set->lock);
	return there;
}

void notif_set_want_cycles(struct notif_set *set, unsigned vcpu)
{
	lock_acquire(&set->lock);
	set->untold_interrupts |= bit(vcpu);
	enter_on_board(set);
	lock_release(&set->lock);
}

void notif_set_withdraw_framework(struct notif_set *set, uint64_t bits)
{
	lock_acquire(&set->lock);
	if ((set->framework & bits) != 0) {
		set->framework &= ~bits;
		set->untold &= NOTIF_FETCH_CLASSES | framework_maps(set->framework);
		update_wanted(set);
		leave_board(set);
	}
	lock_release(&set->lock);
}

bool notif_set_framework_pends(struct notif_set *set, uint64_t bits)
{
	bool pends;

	lock_acquire(&set->lock);
	pends = (set->framework & bits) != 0;
	lock_release(&set->lock);
	return pends;
}

/* ---- fetching ----------------------------------------------------------------------------------- */

/** Takes what pends of @class globally and on @vcpu. */
static uint64_t fetch_class(struct notif_class_state *class, unsigned vcpu)
{
	uint64_t fetched = class->pending;

	class->pending = 0;
	if ((class->vcpus & bit(vcpu)) != 0) {
		fetched |= class->vcpu_pending[vcpu];
		class->vcpu_pending[vcpu] = 0;
		class->vcpus &= ~bit(vcpu);
		class->untold_vcpus &= ~bit(vcpu);
	}
	return fetched;
}

static uint64_t fetch_framework(struct notif_set *set, unsigned what) REQUIRES(set -> lock)
{
	uint64_t fetched = set->framework;

	if (fetched != 0) { /* hardly ever */
		fetched &= ((what & NOTIF_FETCH_SPMC) != 0 ? UINT32_MAX : 0) |
			   ((what & NOTIF_FETCH_HYPERVISOR) != 0 ? ~(uint64_t)UINT32_MAX : 0);
		set->framework &= ~fetched;
	}
	return fetched;
}

/**
 * Takes what pends for @vcpu of @receiver; it pends no more.
 *
 * @what     enum notif_fetch: which bitmaps; the others stay as they are and read as 0.
 * @fetched  written with NOTIF_OK only.
 *
 * NOTIF_DISABLED  the receiver has no notifications.
 * NOTIF_NO_VCPU   it has no such vCPU.
 */
enum notif_result notif_set_fetch(struct notif_set *set, uint16_t receiver, unsigned vcpu,
				  unsigned what, struct notif_fetched *fetched)
{
	enum notif_result result = NOTIF_OK;

	lock_acquire(&set->lock);
	if (!notif_set_serves(set, receiver)) {
		result = NOTIF_DISABLED;
	} else if (vcpu >= set->vcpu_count) {
		result = NOTIF_NO_VCPU;
	} else {
		for (unsigned i = 0; i < NOTIF_CLASS_COUNT; i++) {
			fetched->of_class[i] = (what >> i & NOTIF_FETCH_PARTITIONS) != 0
						       ? fetch_class(&set->classes[i], vcpu)
						       : 0;
		}
		fetched->framework = fetch_framework(set, what);
		set->untold &= ~what;
		update_wanted(set);
		leave_board(set);
	}
	lock_release(&set->lock);
	return result;
}

/* ---- telling ------------------------------------------------------------------------------------ */

/** Begins a list of @id with room for @vcpus vCPU IDs; false: it does not fit. */
static bool begin_list(struct notif_news *news, uint16_t id, unsigned vcpus)
{
	if (news->list_count == news->list_max || news->id_count + 1 + vcpus > news->id_max) {
		news->more = true;
		return false;
	}
	news->ids[news->id_count++] = id;
	news->list_count++;
	return true;
}

static void add_vcpu(struct notif_news *news, uint16_t vcpu)
{
	news->ids[news->id_count++] = vcpu;
	news->list_sizes += bit(2 * (news->list_count - 1));
}

/** The receiver, when there is one. */
static uint16_t id_of(const struct notif_set *set)
{
	return (uint16_t)atomic_load_explicit(&set->receiver, memory_order_relaxed);
}

/** Takes the lowest vCPU with news out of all classes. */
static uint16_t take_vcpu(struct notif_set *set, uint64_t vcpus) REQUIRES(set -> lock)
{
	uint16_t vcpu = (uint16_t)__builtin_ctzll(vcpus);

	set->classes[NOTIF_FROM_PARTITIONS].untold_vcpus &= ~bit(vcpu);
	set->classes[NOTIF_FROM_VMS].untold_vcpus &= ~bit(vcpu);
	set->untold_interrupts &= ~bit(vcpu);
	return vcpu;
}

/** Lists of vCPUs, at most three each. @open: the last list is this receiver's and has no vCPU yet. */
static void tell_vcpus(struct notif_set *set, struct notif_news *news, uint64_t vcpus, bool open)
	REQUIRES(set -> lock)
{
	unsigned in_list = open ? 0 : LIST_VCPUS_MAX;

	for (; vcpus != 0; vcpus &= vcpus - 1) {
		if (in_list == LIST_VCPUS_MAX) {
			if (!begin_list(news, id_of(set), 1)) {
				return;
			}
			in_list = 0;
		} else if (news->id_count == news->id_max) {
			news->more = true;
			return;
		}
		add_vcpu(news, take_vcpu(set, vcpus));
		in_list++;
	}
}

void notif_set_tell(struct notif_set *set, struct notif_news *news)
{
	bool global;

	lock_acquire(&set->lock);
	global = set->untold != 0;
	if (!global || begin_list(news, id_of(set), 0)) {
		uint64_t vcpus = set->classes[NOTIF_FROM_PARTITIONS].untold_vcpus |
				 set->classes[NOTIF_FROM_VMS].untold_vcpus | set->untold_interrupts;

		set->untold = 0;
		if (vcpus != 0) {
			tell_vcpus(set, news, vcpus, global);
		}
		leave_board(set);
	}
	lock_release(&set->lock);
}
