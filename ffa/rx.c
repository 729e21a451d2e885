/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ownership of RX buffers (DEN0077A, "RX/TX buffer ownership"): FFA_RX_RELEASE, FFA_RX_ACQUIRE. Filling
 * them is the business of those who have something to deliver.
 * Locks: RANK_RX, then RANK_NOTIF_SET of the endpoint.
 */
#include "ffa/rx.h"

#include "ffa/call.h"

/** A full buffer whose notification nobody has fetched: its message would be lost unseen. RX is locked. */
static bool is_unseen(struct endpoint *endpoint)
{
	return mailbox_rx_state(&endpoint->mailbox) == RX_FULL &&
	       notif_set_framework_pends(&endpoint->notifications, NOTIF_RX_FULL);
}

enum ffa_status rx_release(struct endpoint *endpoint, uint16_t id)
{
	struct mailbox *mailbox = &endpoint->mailbox;
	enum ffa_status status = FFA_DENIED;

	lock_acquire(&mailbox->rx_lock);
	if (mailbox_is_mapped(mailbox) && mailbox->owner == id &&
	    mailbox_rx_state(mailbox) != RX_EMPTY && !is_unseen(endpoint)) {
		mailbox_set_rx_state(mailbox, RX_EMPTY);
		status = FFA_OK;
	}
	lock_release(&mailbox->rx_lock);
	return status;
}

/** The endpoint whose RX buffer the caller may speak of with @w1; NULL: nobody. */
static struct endpoint *find_owner(const struct call *call, uint32_t w1)
{
	struct vm *vm;

	if (!call_from_normal_world(call) || w1 == 0) {
		return w1 == 0 ? call->ctx->endpoint : NULL;
	}
	vm = (w1 >> 15) == 0 ? vm_find(&call->spmc->vms, (uint16_t)w1) : NULL;
	return vm == NULL ? NULL : &vm->endpoint;
}

/**
 * FFA_INVALID_PARAMETERS  another endpoint's ID; a hypervisor may name a VM that is known.
 * FFA_DENIED              see rx_release().
 */
enum ffa_status ffa_rx_release(struct call *call)
{
	struct endpoint *owner = find_owner(call, call_w(call, 1));
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (owner != NULL) {
		status = rx_release(owner,
				    call_w(call, 1) == 0 ? owner->id : (uint16_t)call_w(call, 1));
	}
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}

/**
 * FFA_INVALID_PARAMETERS  no VM that is known and has an RX buffer.
 * FFA_DENIED              its RX buffer is not the SPMC's.
 */
enum ffa_status ffa_rx_acquire(struct call *call)
{
	struct endpoint *owner = find_owner(call, call_w(call, 1));
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	if (owner == NULL || owner == call->spmc->normal_world) {
		return FFA_INVALID_PARAMETERS;
	}
	lock_acquire(&owner->mailbox.rx_lock);
	if (mailbox_is_mapped(&owner->mailbox) &&
	    owner->mailbox.owner == (uint16_t)call_w(call, 1)) {
		status = mailbox_rx_state(&owner->mailbox) == RX_EMPTY ? FFA_OK : FFA_DENIED;
	}
	if (status == FFA_OK) {
		mailbox_set_rx_state(&owner->mailbox, RX_ACQUIRED);
	}
	lock_release(&owner->mailbox.rx_lock);
	return status == FFA_OK ? call_success(call, 0, 0) : status;
}
