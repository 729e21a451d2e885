/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_RXTX_MAP of a hypervisor for one of its VMs (DEN0077A, "RX/TX buffer management", endpoint RX/TX
 * descriptor): it describes the VM's buffers in its own TX buffer. Each part is copied once and checked
 * then; parts may overlap, which harms nobody.
 * Locks: RANK_TX of the hypervisor while it is read, then RANK_VM_TABLE.
 */
#include "ffa/buffer.h"
#include "ffa/rxtx.h"

/** What the descriptor says. */
struct described {
	struct ffa_endpoint_rxtx endpoint;
	struct ffa_single_composite rx, tx;
};

/**
 * Copies the composite at @offset of the descriptor.
 *
 * FFA_INVALID_PARAMETERS  it is not in the hypervisor's TX buffer, or not of one range.
 * FFA_ABORTED             it cannot be read.
 */
static enum ffa_status read_composite(struct pe *pe, const struct mailbox *mailbox, uint32_t offset,
				      struct ffa_single_composite *composite)
{
	size_t size = mailbox->tx.page_count << PAGE_SHIFT;
	struct buffer tx;

	if (offset < sizeof(struct ffa_endpoint_rxtx) || offset % 8 != 0 ||
	    offset > size - sizeof(*composite)) {
		return FFA_INVALID_PARAMETERS;
	}
	tx = buffer_open_tx(pe, mailbox);
	buffer_skip(&tx, offset);
	buffer_read(&tx, composite, sizeof(*composite));
	if (!buffer_close_tx(&tx)) {
		return FFA_ABORTED;
	}
	return composite->range_count == 1 && composite->page_count == composite->range.page_count
		       ? FFA_OK
		       : FFA_INVALID_PARAMETERS;
}

/** Statuses of read_composite(). The mailbox is mapped. */
static enum ffa_status read_all(struct pe *pe, const struct mailbox *mailbox,
				struct described *described)
{
	struct buffer tx = buffer_open_tx(pe, mailbox);
	enum ffa_status status;

	buffer_read(&tx, &described->endpoint, sizeof(described->endpoint));
	if (!buffer_close_tx(&tx)) {
		return FFA_ABORTED;
	}
	status = read_composite(pe, mailbox, described->endpoint.rx_offset, &described->rx);
	return status == FFA_OK
		       ? read_composite(pe, mailbox, described->endpoint.tx_offset, &described->tx)
		       : status;
}

/**
 * Copies the descriptor out of the hypervisor's TX buffer.
 *
 * FFA_INVALID_PARAMETERS  no TX buffer, or what it holds is no descriptor.
 * FFA_ABORTED             it cannot be read.
 */
static enum ffa_status read_descriptor(struct pe *pe, struct mailbox *mailbox,
				       struct described *described)
{
	enum ffa_status status = FFA_INVALID_PARAMETERS;

	lock_acquire(&mailbox->tx_lock);
	if (mailbox_is_mapped(mailbox)) {
		status = read_all(pe, mailbox, described);
	}
	lock_release(&mailbox->tx_lock);
	return status;
}

static bool make_pair(const struct described *described, struct rxtx_pair *pair)
{
	return described->rx.range.page_count == described->tx.range.page_count &&
	       rxtx_make_pair(described->tx.range.address, described->rx.range.address,
			      described->tx.range.page_count, pair);
}

/** Maps what is described for VM @id, of which a record is made if there is none yet. */
static enum ffa_status map_vm(struct spmc *spmc, uint16_t id, const struct described *described)
	REQUIRES(spmc -> vms.lock)
{
	struct vm *vm = vm_find(&spmc->vms, id);
	struct rxtx_pair pair;
	enum ffa_status status;

	if (vm != NULL && mailbox_is_mapped(&vm->endpoint.mailbox)) {
		return FFA_DENIED;
	}
	if (!make_pair(described, &pair)) {
		return FFA_INVALID_PARAMETERS;
	}
	vm = vm_enter(&spmc->vms, id);
	if (vm == NULL) {
		return FFA_NO_MEMORY;
	}
	status = rxtx_map_normal_world(spmc, vm, &pair);
	vm_leave(&spmc->vms, vm);
	return status;
}

/**
 * FFA_INVALID_PARAMETERS  the descriptor, or the buffers in it, make no sense; the ID is not a VM's.
 * FFA_DENIED              the VM has buffers; these are not the normal world's memory, or taken.
 * FFA_NO_MEMORY           no record for another VM.
 * FFA_ABORTED             the hypervisor's TX buffer cannot be read.
 */
enum ffa_status rxtx_map_forwarded(struct call *call)
{
	struct spmc *spmc = call->spmc;
	struct described described = { 0 };
	enum ffa_status status = read_descriptor(call->pe, &spmc->normal_world->mailbox,
						 &described);
	uint16_t id = described.endpoint.endpoint;

	if (status != FFA_OK) {
		return status;
	}
	if (id == FFA_ID_NORMAL_WORLD || (id & FFA_ID_SECURE_BIT) != 0) {
		return FFA_INVALID_PARAMETERS;
	}

	lock_acquire(&spmc->vms.lock);
	status = map_vm(spmc, id, &described);
	lock_release(&spmc->vms.lock);
	return status;
}
