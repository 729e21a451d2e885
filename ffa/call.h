/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One FF-A call on its way: what a handler gets and how it answers. Registers were copied into the
 * caller's context when it trapped; nobody else can change them, so handlers read them in place.
 *
 * A handler checks everything first and then acts. On FFA_OK it has written the registers of whoever
 * runs next; on any other status it has changed nothing and the dispatcher writes FFA_ERROR.
 */
#ifndef FFA_CALL_H
#define FFA_CALL_H

#include <stdint.h>

#include "abi/ffa.h"
#include "core/spmc.h"

struct call {
	struct spmc *spmc;
	struct pe *pe;
	struct exec_ctx *ctx; /* the caller's */
	const uint64_t *x; /* x0-x17 of the caller */
	uint32_t fid; /* without the SVE hint */
	uint32_t version; /* the caller's negotiated one */
	bool refused; /* by the caller's runtime model; only where the table says ARGS_FIRST */
};

/** Argument @n of an SMC32 call: the low half, whatever the caller left above. */
static inline uint32_t call_w(const struct call *call, unsigned n)
{
	return (uint32_t)call->x[n];
}

/** What of a register counts in the call's convention. */
static inline uint64_t call_mask(const struct call *call)
{
	return call->fid & FFA_FID_SMC64 ? UINT64_MAX : UINT32_MAX;
}

/** Argument @n in the width of the call's convention. */
static inline uint64_t call_arg(const struct call *call, unsigned n)
{
	return call->x[n] & call_mask(call);
}

/** True for the ID of a partition, false for a VM's or the normal world's own. */
static inline bool id_is_secure(uint16_t id)
{
	return (id & FFA_ID_SECURE_BIT) != 0;
}

static inline bool call_from_normal_world(const struct call *call)
{
	return call->ctx->partition == NULL;
}

/**
 * True when the calling partition has been aborted on another PE: nobody would end what it begins now. To be
 * asked with the lock held that its end takes.
 */
static inline bool call_is_gone(const struct call *call)
{
	return !call_from_normal_world(call) &&
	       partition_state(call->ctx->partition) == PARTITION_ABORTED;
}

/** x8-x17 are zero if the call that @ctx made returns them, else as the caller had them. */
static inline void complete_wide(struct exec_ctx *ctx)
{
	if (__builtin_expect(ctx->wide, 0)) {
		for (unsigned i = 8; i < 18; i++) {
			ctx->arch.x[i] = 0;
		}
	}
}

/**
 * Completes what @ctx called with @fid and x1-x3, the rest zero. x8-x17 stay the caller's, unless its call
 * returns them (x0-x17 ABIs): then they are zero.
 */
static inline void complete(struct exec_ctx *ctx, uint32_t fid, uint64_t x1, uint64_t x2,
			    uint64_t x3)
{
	uint64_t *x = ctx->arch.x;

	x[0] = fid;
	x[1] = x1;
	x[2] = x2;
	x[3] = x3;
	x[4] = 0;
	x[5] = 0;
	x[6] = 0;
	x[7] = 0;
	complete_wide(ctx);
}

/** FFA_SUCCESS to the caller itself with w2 and w3. */
static inline enum ffa_status call_success(const struct call *call, uint32_t w2, uint32_t w3)
{
	complete(call->ctx, FFA_SUCCESS_32, 0, w2, w3);
	return FFA_OK;
}

typedef enum ffa_status ffa_handler(struct call *call);

/* The handlers, as the table names them (`none`, which is never called, several times). */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
#define FFA_ABI(name, number, since32, since64, callers, reported, method, models, registers, mbz, \
		handler, chapter)                                                                  \
	ffa_handler handler;
#include "abi/ffa_abi.def"
#undef FFA_ABI
#pragma GCC diagnostic pop

#endif
