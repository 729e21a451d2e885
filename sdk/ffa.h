/* SPDX-License-Identifier: BSD-3-Clause */
/* Typed FF-A calls for partitions. Each returns a status (FFA_OK or the code of FFA_ERROR) unless it says so. */
#ifndef SDK_FFA_H
#define SDK_FFA_H

#include "abi/ffa.h"
#include "sdk/ffa_call.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool ffa_is_error(const struct ffa_regs *regs)
{
	return (uint32_t)regs->x[0] == (uint32_t)FFA_ERROR_32;
}

static inline enum ffa_status ffa_status_of(const struct ffa_regs *regs)
{
	return ffa_is_error(regs) ? (enum ffa_status)(int32_t)regs->x[2] : FFA_OK;
}

/** The SPMC's version, or a value with bit 31 set. */
uint32_t ffa_version(uint32_t wanted);
enum ffa_status ffa_features(uint32_t function, uint32_t properties, uint32_t *w2, uint32_t *w3);
enum ffa_status ffa_id_get(uint16_t *id);
enum ffa_status ffa_spm_id_get(uint16_t *id);
enum ffa_status ffa_rxtx_map(uint64_t tx, uint64_t rx, uint32_t page_count);
enum ffa_status ffa_rxtx_unmap(void);
enum ffa_status ffa_rx_release(void);
/** Up to 128 characters from FF-A 1.2 on, 48 before. */
enum ffa_status ffa_console_log(const char *text, size_t size);
enum ffa_status ffa_mem_perm_get(uint64_t address, uint32_t *permissions);
enum ffa_status ffa_mem_perm_set(uint64_t address, uint32_t page_count, uint32_t permissions);
enum ffa_status ffa_secondary_ep_register(uint64_t entry);

/** Waits for the next message; it is in @regs. */
void ffa_msg_wait(struct ffa_regs *regs);

/* ---- notifications ------------------------------------------------------------------------------ */

/* Flags of FFA_NOTIFICATION_BIND and SET. */
#define FFA_NOTIFICATION_PER_VCPU 0x1U
#define FFA_NOTIFICATION_DELAY_SRI 0x2U
#define FFA_NOTIFICATION_VCPU(vcpu) ((uint32_t)(vcpu) << 16)

/* What FFA_NOTIFICATION_GET fetches. */
#define FFA_NOTIFICATION_FROM_PARTITIONS 0x1U
#define FFA_NOTIFICATION_FROM_VMS 0x2U
#define FFA_NOTIFICATION_FROM_SPMC 0x4U
#define FFA_NOTIFICATION_FROM_HYPERVISOR 0x8U
#define FFA_NOTIFICATION_ALL 0xFU

/* Framework notification of the SPMC and of the hypervisor. */
#define FFA_NOTIFICATION_RX_FULL 0x1U

struct ffa_notifications {
	uint64_t from_partitions;
	uint64_t from_vms;
	uint32_t from_spmc;
	uint32_t from_hypervisor;
};

/** Lets @sender signal @ids to @receiver; only the receiver, or who speaks for it, may say so. */
enum ffa_status ffa_notification_bind(uint16_t sender, uint16_t receiver, uint32_t flags,
				      uint64_t ids);
enum ffa_status ffa_notification_unbind(uint16_t sender, uint16_t receiver, uint64_t ids);
/** @flags: with FFA_NOTIFICATION_PER_VCPU the vCPU as well. */
enum ffa_status ffa_notification_set(uint16_t sender, uint16_t receiver, uint32_t flags,
				     uint64_t ids);
/** Takes what pends for vCPU @vcpu of @receiver; what was not asked for reads as 0. */
enum ffa_status ffa_notification_get(uint16_t receiver, uint16_t vcpu, uint32_t what,
				     struct ffa_notifications *fetched);

/* ---- indirect messages -------------------------------------------------------------------------- */

/** A message as its header says. The UUID is nil before v1.2. */
struct ffa_message {
	uint16_t sender, receiver;
	struct ffa_uuid uuid;
	uint32_t offset; /* of the payload, from the buffer's start */
	uint32_t size;
};

/** Bytes of the header in @version. */
static inline uint32_t ffa_message_header_size(uint32_t version)
{
	return version < FFA_VERSION_1_2 ? FFA_MESSAGE_HEADER_SIZE_1_1
					 : (uint32_t)sizeof(struct ffa_message_header);
}

/** Writes the header of @message into @tx, in @version; offset 0: right behind the header. Returns where the payload goes. */
uint8_t *ffa_message_write(void *tx, uint32_t version, const struct ffa_message *message);
/** What the header in @rx says, in @version. */
struct ffa_message ffa_message_read(const void *rx, uint32_t version);

/** Sends what lies in the caller's TX buffer; @sender: the VM that a hypervisor speaks for, else 0. */
enum ffa_status ffa_msg_send2(uint16_t sender, uint32_t flags);

/* ---- direct messages ---------------------------------------------------------------------------- */

/**
 * Sends the direct request in @regs (x0: one of the three FIDs, payload in place) to @receiver and keeps
 * resuming it while it is interrupted or yields. What it ended with is in @regs.
 * Returns how often it had to be resumed.
 */
unsigned ffa_direct_request(struct ffa_regs *regs, uint16_t sender, uint16_t receiver);

#endif
