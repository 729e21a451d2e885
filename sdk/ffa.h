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

/**
 * Sends the direct request in @regs (x0: one of the three FIDs, payload in place) to @receiver and keeps
 * resuming it while it is interrupted or yields. What it ended with is in @regs.
 * Returns how often it had to be resumed.
 */
unsigned ffa_direct_request(struct ffa_regs *regs, uint16_t sender, uint16_t receiver);

#endif
