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
