/* SPDX-License-Identifier: BSD-3-Clause */
/* Typed FF-A calls for partitions; the protocol is in abi/ffa.h and the FF-A specification. */
#include "sdk/ffa.h"

#include "lib/string.h"

static enum ffa_status call(struct ffa_regs *regs)
{
	ffa_call(regs);
	return ffa_status_of(regs);
}

uint32_t ffa_version(uint32_t wanted)
{
	struct ffa_regs regs = { { (uint32_t)FFA_VERSION_32, wanted } };

	ffa_call(&regs);
	return (uint32_t)regs.x[0];
}

enum ffa_status ffa_features(uint32_t function, uint32_t properties, uint32_t *w2, uint32_t *w3)
{
	struct ffa_regs regs = { { (uint32_t)FFA_FEATURES_32, function, properties } };
	enum ffa_status status = call(&regs);

	*w2 = (uint32_t)regs.x[2];
	*w3 = (uint32_t)regs.x[3];
	return status;
}

enum ffa_status ffa_id_get(uint16_t *id)
{
	struct ffa_regs regs = { { (uint32_t)FFA_ID_GET_32 } };
	enum ffa_status status = call(&regs);

	*id = (uint16_t)regs.x[2];
	return status;
}

enum ffa_status ffa_spm_id_get(uint16_t *id)
{
	struct ffa_regs regs = { { (uint32_t)FFA_SPM_ID_GET_32 } };
	enum ffa_status status = call(&regs);

	*id = (uint16_t)regs.x[2];
	return status;
}

enum ffa_status ffa_rxtx_map(uint64_t tx, uint64_t rx, uint32_t page_count)
{
	struct ffa_regs regs = { { (uint32_t)FFA_RXTX_MAP_64, tx, rx, page_count } };

	return call(&regs);
}

enum ffa_status ffa_rxtx_unmap(void)
{
	struct ffa_regs regs = { { (uint32_t)FFA_RXTX_UNMAP_32 } };

	return call(&regs);
}

enum ffa_status ffa_rx_release(void)
{
	struct ffa_regs regs = { { (uint32_t)FFA_RX_RELEASE_32 } };

	return call(&regs);
}

enum ffa_status ffa_console_log(const char *text, size_t size)
{
	struct ffa_regs regs = { { (uint32_t)FFA_CONSOLE_LOG_64, size } };

	if (size > sizeof(regs.x) - 2 * sizeof(regs.x[0])) {
		return FFA_INVALID_PARAMETERS;
	}

	memcpy(&regs.x[2], text, size);
	return call(&regs);
}

enum ffa_status ffa_mem_perm_get(uint64_t address, uint32_t *permissions)
{
	struct ffa_regs regs = { { (uint32_t)FFA_MEM_PERM_GET_64, address } };
	enum ffa_status status = call(&regs);

	*permissions = (uint32_t)regs.x[2];
	return status;
}

enum ffa_status ffa_mem_perm_set(uint64_t address, uint32_t page_count, uint32_t permissions)
{
	struct ffa_regs regs = { { (uint32_t)FFA_MEM_PERM_SET_64, address, page_count,
				   permissions } };

	return call(&regs);
}

enum ffa_status ffa_secondary_ep_register(uint64_t entry)
{
	struct ffa_regs regs = { { (uint32_t)FFA_SECONDARY_EP_REGISTER_64, entry } };

	return call(&regs);
}

void ffa_msg_wait(struct ffa_regs *regs)
{
	*regs = (struct ffa_regs){ { (uint32_t)FFA_MSG_WAIT_32 } };
	ffa_call(regs);
}

enum ffa_status ffa_notification_bind(uint16_t sender, uint16_t receiver, uint32_t flags,
				      uint64_t ids)
{
	struct ffa_regs regs = { { (uint32_t)FFA_NOTIFICATION_BIND_32,
				   FFA_ENDPOINTS(sender, receiver), flags, (uint32_t)ids,
				   ids >> 32 } };

	return call(&regs);
}

enum ffa_status ffa_notification_unbind(uint16_t sender, uint16_t receiver, uint64_t ids)
{
	struct ffa_regs regs = { { (uint32_t)FFA_NOTIFICATION_UNBIND_32,
				   FFA_ENDPOINTS(sender, receiver), 0, (uint32_t)ids, ids >> 32 } };

	return call(&regs);
}

enum ffa_status ffa_notification_set(uint16_t sender, uint16_t receiver, uint32_t flags,
				     uint64_t ids)
{
	struct ffa_regs regs = { { (uint32_t)FFA_NOTIFICATION_SET_32,
				   FFA_ENDPOINTS(sender, receiver), flags, (uint32_t)ids,
				   ids >> 32 } };

	return call(&regs);
}

enum ffa_status ffa_notification_get(uint16_t receiver, uint16_t vcpu, uint32_t what,
				     struct ffa_notifications *fetched)
{
	struct ffa_regs regs = { { (uint32_t)FFA_NOTIFICATION_GET_32, FFA_TARGET(vcpu, receiver),
				   what } };
	enum ffa_status status = call(&regs);

	*fetched = (struct ffa_notifications){ 0 };
	if (status == FFA_OK) {
		fetched->from_partitions = (uint32_t)regs.x[2] | regs.x[3] << 32;
		fetched->from_vms = (uint32_t)regs.x[4] | regs.x[5] << 32;
		fetched->from_spmc = (uint32_t)regs.x[6];
		fetched->from_hypervisor = (uint32_t)regs.x[7];
	}
	return status;
}

uint8_t *ffa_message_write(void *tx, uint32_t version, const struct ffa_message *message)
{
	uint32_t header_size = ffa_message_header_size(version);
	struct ffa_message_header header = {
		.offset = message->offset != 0 ? message->offset : header_size,
		.endpoints = FFA_ENDPOINTS(message->sender, message->receiver),
		.size = message->size,
		.uuid = message->uuid,
	};

	memcpy(tx, &header, header_size);
	return (uint8_t *)tx + header.offset;
}

struct ffa_message ffa_message_read(const void *rx, uint32_t version)
{
	struct ffa_message_header header = { 0 };

	memcpy(&header, rx, ffa_message_header_size(version));
	return (struct ffa_message){
		.sender = FFA_SENDER(header.endpoints),
		.receiver = FFA_RECEIVER(header.endpoints),
		.uuid = header.uuid,
		.offset = header.offset,
		.size = header.size,
	};
}

enum ffa_status ffa_msg_send2(uint16_t sender, uint32_t flags)
{
	struct ffa_regs regs = { { (uint32_t)FFA_MSG_SEND2_32, (uint64_t)sender << 16, flags } };

	return call(&regs);
}

unsigned ffa_direct_request(struct ffa_regs *regs, uint16_t sender, uint16_t receiver)
{
	unsigned resumed = 0;

	regs->x[1] = FFA_ENDPOINTS(sender, receiver);
	ffa_call(regs);
	while ((uint32_t)regs->x[0] == (uint32_t)FFA_INTERRUPT_32 ||
	       (uint32_t)regs->x[0] == (uint32_t)FFA_YIELD_32) {
		*regs = (struct ffa_regs){ { (uint32_t)FFA_RUN_32, regs->x[1] } };
		ffa_call(regs);
		resumed++;
	}
	return resumed;
}
