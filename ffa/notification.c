/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notifications (DEN0077A, "Notifications"): FFA_NOTIFICATION_BITMAP_CREATE/DESTROY, BIND, UNBIND, SET, GET,
 * INFO_GET. Checks who may do what to whom; core/notif_set.c keeps the bitmaps.
 * Locks: RANK_VM_TABLE to create and destroy, RANK_NOTIF_SET of the receiver.
 */
#include "ffa/notification.h"

#include "ffa/call.h"

#define BIND_PER_VCPU 0x1U
#define SET_PER_VCPU 0x1U
#define SET_DELAY_SRI 0x2U
#define SET_RESERVED 0xFFFCU
#define SET_VCPU(w2) ((uint16_t)((w2) >> 16))
#define GET_RECEIVER(w1) ((uint16_t)(w1))
#define GET_VCPU(w1) ((uint16_t)((w1) >> 16))
#define GET_BY_NORMAL_WORLD (NOTIF_FETCH_PARTITIONS | NOTIF_FETCH_SPMC)
#define GET_KNOWN \
	(NOTIF_FETCH_PARTITIONS | NOTIF_FETCH_VMS | NOTIF_FETCH_SPMC | NOTIF_FETCH_HYPERVISOR)

#define INFO_MORE UINT64_C(1)
#define INFO_LIST_COUNT_SHIFT 7
#define INFO_SIZES_SHIFT 12
#define INFO_FIRST_REGISTER 3U
#define INFO_REGISTERS 5U

enum {
	INFO_IDS_32 = 10, /* in w3-w7 */
	INFO_IDS_64 = 20, /* in x3-x7 */
};

static bool is_secure(uint16_t id)
{
	return (id & FFA_ID_SECURE_BIT) != 0;
}

static uint64_t ids_of(const struct call *call)
{
	return (uint64_t)call_w(call, 4) << 32 | call_w(call, 3);
}

/* ---- receivers in the normal world --------------------------------------------------------------- */

/**
 * FFA_INVALID_PARAMETERS  no VM's ID; a number of vCPUs that is not supported.
 * FFA_DENIED              it has notifications.
 * FFA_NO_MEMORY           no record for another VM.
 */
enum ffa_status ffa_notification_bitmap_create(struct call *call)
{
	struct vm_table *vms = &call->spmc->vms;
	uint32_t id = call_w(call, 1);
	uint32_t vcpu_count = call_w(call, 2);
	enum ffa_status status = FFA_OK;
	struct vm *vm;

	if (id >= FFA_ID_SECURE_BIT || vcpu_count == 0 || vcpu_count > NOTIF_VCPU_MAX) {
		return FFA_INVALID_PARAMETERS;
	}
	lock_acquire(&vms->lock);
	vm = vm_enter(vms, (uint16_t)id);
	if (vm == NULL) {
		status = FFA_NO_MEMORY;
	} else if (notif_set_is_enabled(
			   &vm->endpoint.notifications)) { /* changes under the table's lock */
		status = FFA_DENIED;
	} else {
		uint64_t *const words[NOTIF_CLASS_COUNT] = { vm->vcpu_pending, NULL };

		notif_set_enable(&vm->endpoint.notifications, (uint16_t)id, (uint16_t)vcpu_count,
				 words);
	}
	lock_release(&vms->lock);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/**
 * FFA_INVALID_PARAMETERS  no VM's ID.
 * FFA_DENIED              it has no notifications, or some are pending.
 */
enum ffa_status ffa_notification_bitmap_destroy(struct call *call)
{
	struct vm_table *vms = &call->spmc->vms;
	uint32_t id = call_w(call, 1);
	enum ffa_status status = FFA_DENIED;
	struct vm *vm;

	if (id >= FFA_ID_SECURE_BIT) {
		return FFA_INVALID_PARAMETERS;
	}
	lock_acquire(&vms->lock);
	vm = vm_find(vms, (uint16_t)id);
	if (vm != NULL &&
	    notif_set_disable(&vm->endpoint.notifications, (uint16_t)id) == NOTIF_OK) {
		vm_leave(vms, vm);
		status = FFA_OK;
	}
	lock_release(&vms->lock);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/* ---- bindings ----------------------------------------------------------------------------------- */

static enum notif_class class_of(uint16_t sender)
{
	return is_secure(sender) ? NOTIF_FROM_PARTITIONS : NOTIF_FROM_VMS;
}

/** A partition speaks for itself, the normal world for a VM about a partition. */
static bool ids_are_plausible(const struct call *call, uint16_t own, uint16_t other)
{
	return call_from_normal_world(call) ? !is_secure(own) && is_secure(other)
					    : own == call->ctx->endpoint->id && own != other;
}

/** A receiver without notifications: partitions are told, of VMs nothing is known then. */
static enum ffa_status without_notifications(uint16_t receiver)
{
	return is_secure(receiver) ? FFA_NOT_SUPPORTED : FFA_INVALID_PARAMETERS;
}

/** True when the partition that is bound to exists; which VMs there are is not known. */
static bool sender_exists(const struct spmc *spmc, uint16_t sender)
{
	return !is_secure(sender) || spmc_partition(spmc, sender) != NULL;
}

/** The receiver of BIND or UNBIND, with the checks that both have. */
static enum ffa_status find_binder(const struct call *call, struct endpoint **receiver,
				   struct notif_party *party)
{
	party->sender = FFA_SENDER(call_w(call, 1));
	party->receiver = FFA_RECEIVER(call_w(call, 1));
	party->class = class_of(party->sender);
	if (!ids_are_plausible(call, party->receiver, party->sender) ||
	    FFA_ID_IS_EL3_PARTITION(party->sender) || ids_of(call) == 0) {
		return FFA_INVALID_PARAMETERS;
	}
	*receiver = spmc_endpoint(call->spmc, party->receiver);
	if (*receiver == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!sender_exists(call->spmc, party->sender)) {
		return notif_set_serves(&(*receiver)->notifications, party->receiver)
			       ? FFA_INVALID_PARAMETERS
			       : without_notifications(party->receiver);
	}
	return FFA_OK;
}

/**
 * FFA_INVALID_PARAMETERS  flags, IDs, no notification; the receiver or the sender is not there.
 * FFA_NOT_SUPPORTED       the receiver has no notifications.
 * FFA_DENIED              one is bound already.
 */
enum ffa_status ffa_notification_bind(struct call *call)
{
	struct endpoint *receiver;
	struct notif_party party;
	enum ffa_status status;
	enum notif_result result;

	if ((call_w(call, 2) & ~BIND_PER_VCPU) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	status = find_binder(call, &receiver, &party);
	if (status != FFA_OK) {
		return status;
	}
	result = notif_set_bind(&receiver->notifications, party, ids_of(call),
				(call_w(call, 2) & BIND_PER_VCPU) != 0 ? NOTIF_PER_VCPU
								       : NOTIF_GLOBAL);
	if (result == NOTIF_DISABLED) {
		return without_notifications(party.receiver);
	}
	return result == NOTIF_OK ? call_success(call, 0, 0) : FFA_DENIED;
}

/**
 * FFA_INVALID_PARAMETERS  flags, IDs, no notification; the receiver or the sender is not there.
 * FFA_NOT_SUPPORTED       the receiver has no notifications.
 * FFA_DENIED              one is not bound to the sender, or is pending.
 */
enum ffa_status ffa_notification_unbind(struct call *call)
{
	struct endpoint *receiver;
	struct notif_party party;
	enum ffa_status status;
	enum notif_result result;

	if (call_w(call, 2) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	status = find_binder(call, &receiver, &party);
	if (status != FFA_OK) {
		return status;
	}
	result = notif_set_unbind(&receiver->notifications, party, ids_of(call));
	if (result == NOTIF_DISABLED) {
		return without_notifications(party.receiver);
	}
	return result == NOTIF_OK ? call_success(call, 0, 0) : FFA_DENIED;
}

/* ---- signalling --------------------------------------------------------------------------------- */

void notification_tell_scheduler(struct pe *pe, bool delayed)
{
	if (delayed) {
		pe_delay_sri(pe);
	} else {
		arch_interrupt_raise_sri();
	}
}

/** w2 of FFA_NOTIFICATION_SET. The normal world schedules: it cannot want to be told later. */
static bool set_flags_are_valid(const struct call *call)
{
	uint32_t flags = call_w(call, 2);

	if ((flags & SET_DELAY_SRI) != 0 && call_from_normal_world(call)) {
		return false;
	}
	return (flags & SET_RESERVED) == 0 && ((flags & SET_PER_VCPU) != 0 || SET_VCPU(flags) == 0);
}

/** Who signals to whom. */
static struct notif_party set_party(const struct call *call)
{
	uint16_t sender = FFA_SENDER(call_w(call, 1));

	return (struct notif_party){
		.receiver = FFA_RECEIVER(call_w(call, 1)),
		.sender = sender,
		.class = class_of(sender),
	};
}

static enum ffa_status refusal_of_set(const struct call *call, enum notif_result result)
{
	switch (result) {
	case NOTIF_DISABLED:
		return is_secure(FFA_RECEIVER(call_w(call, 1))) ? FFA_DENIED
								: FFA_INVALID_PARAMETERS;
	case NOTIF_OTHER_KIND:
	case NOTIF_NO_VCPU:
		return FFA_INVALID_PARAMETERS;
	default:
		return FFA_DENIED;
	}
}

/**
 * FFA_INVALID_PARAMETERS  flags, IDs, no notification, a vCPU that the receiver does not have; another kind
 *                         than the notification was bound as; the receiver is not there.
 * FFA_DENIED              not bound to the sender; the receiver has no notifications.
 */
enum ffa_status ffa_notification_set(struct call *call)
{
	struct endpoint *receiver = spmc_endpoint(call->spmc, FFA_RECEIVER(call_w(call, 1)));
	struct notif_party party = set_party(call);
	uint32_t flags = call_w(call, 2);
	enum notif_result result;

	if (receiver == NULL || !set_flags_are_valid(call) ||
	    !ids_are_plausible(call, party.sender, party.receiver) || ids_of(call) == 0) {
		return FFA_INVALID_PARAMETERS;
	}
	result = notif_set_signal(&receiver->notifications, party, ids_of(call),
				  (flags & SET_PER_VCPU) != 0 ? NOTIF_PER_VCPU : NOTIF_GLOBAL,
				  SET_VCPU(flags));
	if (__builtin_expect(result != NOTIF_OK, 0)) {
		return refusal_of_set(call, result);
	}
	notification_tell_scheduler(call->pe, (call_w(call, 2) & SET_DELAY_SRI) != 0);
	return call_success(call, 0, 0);
}

/* ---- fetching ----------------------------------------------------------------------------------- */

void notification_announce(struct exec_ctx *ctx)
{
	if ((virq_enabled(&ctx->virqs) & VIRQ_MASK(VIRQ_BIT_NOTIFICATION)) != 0) {
		virq_raise(&ctx->virqs, &ctx->arch, VIRQ_BIT_NOTIFICATION);
	}
}

void notification_withdraw(struct exec_ctx *ctx)
{
	if ((virq_pending(&ctx->virqs) & VIRQ_MASK(VIRQ_BIT_NOTIFICATION)) != 0 &&
	    !notif_set_wants(&ctx->endpoint->notifications, ctx->index)) {
		virq_withdraw(&ctx->virqs, &ctx->arch, VIRQ_BIT_NOTIFICATION);
	}
}

/** w2 of FFA_NOTIFICATION_GET, enum notif_fetch. Other bits are SBZ in later texts. */
static bool get_flags_are_valid(const struct call *call)
{
	uint32_t what = call_w(call, 2);

	if ((what & ~(uint32_t)GET_KNOWN) != 0 && call->version < FFA_VERSION_1_2) {
		return false;
	}
	return !call_from_normal_world(call) ||
	       (what & GET_KNOWN & ~(uint32_t)GET_BY_NORMAL_WORLD) == 0;
}

/** Whose notifications the caller may fetch: its own, or the normal world for a VM. NULL: nobody's. */
static struct endpoint *find_fetcher(const struct call *call)
{
	uint16_t receiver = GET_RECEIVER(call_w(call, 1));
	struct endpoint *caller = call->ctx->endpoint;

	if (__builtin_expect(receiver == caller->id, 1)) {
		return caller;
	}
	return call_from_normal_world(call) && !is_secure(receiver)
		       ? spmc_endpoint(call->spmc, receiver)
		       : NULL;
}

/** Six registers of 32 bits, in the order of the interface. */
static void write_fetched(uint64_t *x, const struct notif_fetched *fetched)
{
	x[2] = (uint32_t)fetched->of_class[NOTIF_FROM_PARTITIONS];
	x[3] = fetched->of_class[NOTIF_FROM_PARTITIONS] >> 32;
	x[4] = (uint32_t)fetched->of_class[NOTIF_FROM_VMS];
	x[5] = fetched->of_class[NOTIF_FROM_VMS] >> 32;
	x[6] = (uint32_t)fetched->framework;
	x[7] = fetched->framework >> 32;
}

/**
 * FFA_INVALID_PARAMETERS  flags, receiver, a vCPU that it does not have; a VM without notifications.
 * FFA_NOT_SUPPORTED       the caller has no notifications.
 *
 * Without a canary, as ffa_dispatch(): nothing on its stack is reached by an index.
 */
__attribute__((no_stack_protector)) enum ffa_status ffa_notification_get(struct call *call)
{
	struct endpoint *endpoint;
	struct notif_fetched fetched;
	enum notif_result result;

	if (__builtin_expect(!get_flags_are_valid(call), 0)) {
		return FFA_INVALID_PARAMETERS;
	}
	endpoint = find_fetcher(call);
	if (endpoint == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	result = notif_set_fetch(&endpoint->notifications, GET_RECEIVER(call_w(call, 1)),
				 GET_VCPU(call_w(call, 1)), call_w(call, 2) & GET_KNOWN, &fetched);
	if (result != NOTIF_OK) {
		return result == NOTIF_DISABLED
			       ? without_notifications(GET_RECEIVER(call_w(call, 1)))
			       : FFA_INVALID_PARAMETERS;
	}

	notification_withdraw(call->ctx);
	complete(call->ctx, FFA_SUCCESS_32, 0, 0, 0);
	write_fetched(call->ctx->arch.x, &fetched);
	return FFA_OK;
}

/* ---- telling the scheduler ---------------------------------------------------------------------- */

/** The receiver whose place on the board is @place. */
static struct notif_set *set_at(const struct spmc *spmc, unsigned place)
{
	return place < CONFIG_PARTITION_MAX
		       ? &spmc->partitions[place].endpoint.notifications
		       : &spmc->vms.vms[place - CONFIG_PARTITION_MAX].endpoint.notifications;
}

/** Collects the news of all receivers on the board until @news is full. */
static void collect_news(struct spmc *spmc, struct notif_news *news)
{
	for (unsigned i = 0; i < NOTIF_BOARD_WORDS && !news->more; i++) {
		uint64_t shown = atomic_load_explicit(&spmc->board.word[i], memory_order_relaxed);

		for (; shown != 0 && !news->more; shown &= shown - 1) {
			notif_set_tell(set_at(spmc, 64 * i + (unsigned)__builtin_ctzll(shown)),
				       news);
		}
	}
}

/** FFA_NO_DATA  there are no news. */
enum ffa_status ffa_notification_info_get(struct call *call)
{
	bool wide = (call->fid & FFA_FID_SMC64) != 0;
	struct notif_news news = {
		.id_max = wide ? INFO_IDS_64 : INFO_IDS_32,
		.list_max = wide ? INFO_IDS_64 : INFO_IDS_32,
	};
	uint64_t *out = call->ctx->arch.x;

	collect_news(call->spmc, &news);
	if (news.list_count == 0) {
		return FFA_NO_DATA;
	}

	complete(call->ctx, wide ? FFA_SUCCESS_64 : FFA_SUCCESS_32, 0,
		 (news.more ? INFO_MORE : 0) | (uint64_t)news.list_count << INFO_LIST_COUNT_SHIFT |
			 news.list_sizes << INFO_SIZES_SHIFT,
		 0);
	for (unsigned i = 0; i < INFO_REGISTERS; i++) {
		out[INFO_FIRST_REGISTER + i] = wide ? news.double_words[i] : news.words[i];
	}
	return FFA_OK;
}
