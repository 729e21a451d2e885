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
	} else if (vm->endpoint.notifications.enabled) { /* changes under the table's lock */
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

/** What the normal world asks for is about a VM and a partition. */
static bool ids_are_plausible(const struct call *call, uint16_t own, uint16_t other)
{
	if (own == other || FFA_ID_IS_EL3_PARTITION(own) || FFA_ID_IS_EL3_PARTITION(other)) {
		return false;
	}
	return call_from_normal_world(call) ? !is_secure(own) && is_secure(other)
					    : own == call->ctx->endpoint->id;
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
	if (!ids_are_plausible(call, party->receiver, party->sender) || ids_of(call) == 0) {
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

/** w2 of FFA_NOTIFICATION_SET. */
static bool set_flags_are_valid(const struct call *call, uint32_t flags)
{
	bool per_vcpu = (flags & SET_PER_VCPU) != 0;

	return (flags & SET_RESERVED) == 0 && (per_vcpu || SET_VCPU(flags) == 0);
}

static enum ffa_status status_of_set(enum notif_result result, uint16_t receiver)
{
	switch (result) {
	case NOTIF_OK:
		return FFA_OK;
	case NOTIF_DISABLED:
		return is_secure(receiver) ? FFA_DENIED : FFA_INVALID_PARAMETERS;
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
	uint32_t flags = call_w(call, 2);
	struct notif_party party = {
		.sender = FFA_SENDER(call_w(call, 1)),
		.receiver = FFA_RECEIVER(call_w(call, 1)),
		.class = class_of(FFA_SENDER(call_w(call, 1))),
	};
	bool delayed = (flags & SET_DELAY_SRI) != 0;
	struct endpoint *receiver;
	enum ffa_status status;

	if (!set_flags_are_valid(call, flags) ||
	    !ids_are_plausible(call, party.sender, party.receiver) || ids_of(call) == 0 ||
	    (delayed && call_from_normal_world(call))) {
		return FFA_INVALID_PARAMETERS;
	}
	receiver = spmc_endpoint(call->spmc, party.receiver);
	if (receiver == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	status = status_of_set(notif_set_signal(&receiver->notifications, party, ids_of(call),
						(flags & SET_PER_VCPU) != 0 ? NOTIF_PER_VCPU
									    : NOTIF_GLOBAL,
						SET_VCPU(flags)),
			       party.receiver);
	if (status != FFA_OK) {
		return status;
	}
	notification_tell_scheduler(call->pe, delayed);
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

static bool get_is_plausible(const struct call *call, uint16_t receiver, uint32_t *what)
{
	if ((*what & ~(uint32_t)GET_KNOWN) != 0) {
		if (call->version < FFA_VERSION_1_2) {
			return false;
		}
		*what &= GET_KNOWN; /* SBZ in later texts */
	}
	if (call_from_normal_world(call)) {
		return !is_secure(receiver) && (*what & ~(uint32_t)GET_BY_NORMAL_WORLD) == 0;
	}
	return receiver == call->ctx->endpoint->id;
}

/**
 * FFA_INVALID_PARAMETERS  flags, receiver, a vCPU that it does not have; a VM without notifications.
 * FFA_NOT_SUPPORTED       the caller has no notifications.
 */
enum ffa_status ffa_notification_get(struct call *call)
{
	uint16_t receiver = GET_RECEIVER(call_w(call, 1));
	uint32_t what = call_w(call, 2);
	struct endpoint *endpoint;
	struct notif_fetched fetched;
	enum notif_result result;
	uint64_t *out = call->ctx->arch.x;

	if (!get_is_plausible(call, receiver, &what)) {
		return FFA_INVALID_PARAMETERS;
	}
	endpoint = spmc_endpoint(call->spmc, receiver);
	if (endpoint == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	result = notif_set_fetch(&endpoint->notifications, receiver, GET_VCPU(call_w(call, 1)),
				 what, &fetched);
	if (result == NOTIF_DISABLED) {
		return without_notifications(receiver);
	}
	if (result != NOTIF_OK) {
		return FFA_INVALID_PARAMETERS;
	}

	notification_withdraw(call->ctx);
	complete(call->ctx, FFA_SUCCESS_32, 0, (uint32_t)fetched.of_class[NOTIF_FROM_PARTITIONS],
		 fetched.of_class[NOTIF_FROM_PARTITIONS] >> 32);
	out[4] = (uint32_t)fetched.of_class[NOTIF_FROM_VMS];
	out[5] = fetched.of_class[NOTIF_FROM_VMS] >> 32;
	out[6] = (uint32_t)fetched.framework;
	out[7] = fetched.framework >> 32;
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
