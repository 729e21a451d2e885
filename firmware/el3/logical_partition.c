/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An EL3 logical partition of TF-A's SPMD. It has no purpose of its own: it sends what el3_service.c asks
 * for. Limits are TF-A's: 32-bit requests with two words, only on behalf of the normal world.
 */
#include "el3.h"

#include "../../abi/el3_service.h"

static int32_t start(void)
{
	return 0;
}

DECLARE_SPMD_LOGICAL_PARTITION(tantalum_test, start, EL3_PARTITION_ID, EL3_PARTITION_UUID,
			       FFA_PARTITION_DIRECT_REQ_SEND);

/**
 * Sends a direct request and waits for its answer: FFA_MSG_SEND_DIRECT_RESP, or FFA_ERROR of the SPMC or
 * of the SPMD.
 *
 * @normal_world  context of the normal world that waits meanwhile; from any other the SPMD sends nothing.
 */
struct ffa_value logical_partition_request(uint16_t receiver, uint32_t w3, uint32_t w4,
					   void *normal_world)
{
	uint64_t w1 = (uint64_t)EL3_PARTITION_ID << FFA_DIRECT_MSG_SOURCE_SHIFT | receiver;
	struct ffa_value answer;

	(void)spmd_el3_ffa_msg_direct_req(w1, 0, w3, w4, normal_world, &answer);
	return answer;
}

/** Asks the SPMC which partitions there are, from index @first on. The caller is in the normal world. */
struct ffa_value logical_partition_info(uint64_t uuid_low, uint64_t uuid_high, uint16_t first)
{
	const uint32_t uuid[4] = { (uint32_t)uuid_low, (uint32_t)(uuid_low >> 32),
				   (uint32_t)uuid_high, (uint32_t)(uuid_high >> 32) };
	struct ffa_value answer;

	(void)spmd_el3_invoke_partition_info_get(uuid, first, 0, &answer);
	return answer;
}
