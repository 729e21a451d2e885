/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Logical partitions of EL3 (DEN0077A, "Logical partitions"; platform contract with the SPMD). Their
 * requests come the way of the normal world's calls, but are none: they lock nobody's version. EL3 keeps
 * the normal world from using their IDs. Such a request has to be answered before the PE does anything
 * else: EL3 takes neither FFA_INTERRUPT nor FFA_YIELD.
 * Locks: RANK_EL3 while EL3 is asked who is there.
 */
#include "ffa/el3.h"

#include "core/budget.h"
#include "core/uuid.h"
#include "ffa/call.h"
#include "ffa/partition_info.h"

enum { REQUEST_WORDS = 18 };

/* ---- discovery ---------------------------------------------------------------------------------- */

static void take_uuids(struct el3_partition *partition, const uint64_t *words, bool long_form)
{
	partition->uuid = uuid_of_registers(words[1], words[2]);
	if (long_form) {
		partition->image_uuid = uuid_of_registers(words[3], words[4]);
		partition->version = (uint32_t)words[5];
	}
}

/** Takes the descriptors of one answer; false: it is none, or tells of no more than the one before. */
static bool take_answer(const uint64_t *x, struct el3_partition *list, unsigned *count)
{
	size_t size = (size_t)(x[2] >> 48);
	unsigned current = (uint16_t)(x[2] >> 16);
	const uint64_t *words = &x[PARTITION_INFO_REGS_FIRST];

	if ((uint32_t)x[0] != FFA_SUCCESS_64 || current < *count ||
	    current >= SPMC_EL3_PARTITION_MAX ||
	    (size != sizeof(struct ffa_partition_info_v1_1) &&
	     size != sizeof(struct ffa_partition_info_v1_3)) ||
	    (current + 1 - *count) * size > PARTITION_INFO_REGS_BYTES) {
		return false;
	}
	for (; *count <= current; (*count)++, words += size / sizeof(words[0])) {
		struct el3_partition *partition = &list[*count];

		partition->id = (uint16_t)words[0];
		partition->context_count = (uint16_t)(words[0] >> 16);
		partition->properties = (uint32_t)(words[0] >> 32);
		partition->version = FFA_VERSION_1_2;
		take_uuids(partition, words, size == sizeof(struct ffa_partition_info_v1_3));
	}
	return *count <= (uint16_t)x[2]; /* there are more */
}

static void ask(struct spmc *spmc) REQUIRES(spmc -> el3_lock)
{
	uint64_t tag = 0; /* as EL3 gave it out: it belongs to every question but the first */
	bool more = true;

	spmc->el3_partition_count = 0;
	while (more) {
		uint64_t x[REQUEST_WORDS] = { FFA_PARTITION_INFO_GET_REGS_64, 0, 0,
					      tag << 16 | spmc->el3_partition_count };

		arch_smc(x);
		tag = (uint16_t)(x[2] >> 32);
		more = take_answer(x, spmc->el3_partitions, &spmc->el3_partition_count);
	}
}

void el3_partitions_learn(struct spmc *spmc)
{
	/* acquire: pairs with the release below */
	if (atomic_load_explicit(&spmc->el3_known, memory_order_acquire) ||
	    !atomic_load_explicit(&spmc->started, memory_order_relaxed)) {
		return;
	}
	lock_acquire(&spmc->el3_lock);
	if (!atomic_load_explicit(&spmc->el3_known, memory_order_relaxed)) {
		ask(spmc);
		/* release: the list is complete for whoever sees this */
		atomic_store_explicit(&spmc->el3_known, true, memory_order_release);
	}
	lock_release(&spmc->el3_lock);
}

/* ---- requests ----------------------------------------------------------------------------------- */

bool el3_is_request(const struct exec_ctx *ctx)
{
	uint32_t fid = (uint32_t)ctx->arch.x[0] & ~FFA_FID_SVE_HINT;
	uint16_t sender = FFA_SENDER((uint32_t)ctx->arch.x[1]);

	return FFA_ID_IS_EL3_PARTITION(sender) &&
	       (fid == FFA_MSG_SEND_DIRECT_REQ_32 || fid == FFA_MSG_SEND_DIRECT_REQ_64 ||
		fid == FFA_MSG_SEND_DIRECT_REQ2_64);
}

void el3_serve(struct pe *pe, struct exec_ctx *ctx)
{
	struct call call = {
		.spmc = pe->spmc,
		.pe = pe,
		.ctx = ctx,
		.x = ctx->arch.x,
		.fid = (uint32_t)ctx->arch.x[0] & ~FFA_FID_SVE_HINT,
		.version = FFA_VERSION_1_2,
	};
	enum ffa_status status;

	ctx->wide = call.fid == FFA_MSG_SEND_DIRECT_REQ2_64;
	pe_begin_duty(pe, DUTY_EL3_REQUEST);
	pe->errands = true; /* it ends when EL3 gets its answer */
	status = ctx->wide ? ffa_msg_send_direct_req2(&call) : ffa_msg_send_direct_req(&call);
	if (status != FFA_OK) {
		complete(ctx, FFA_ERROR_32, 0, (uint32_t)status, 0);
		return;
	}
	budget_begin(pe, pe->current, pe->current->partition->start_budget);
}
