/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Dispatch (DEN0077A, "Interfaces"; SMCCC): looks a call up in the table of ABIs and makes the checks
 * that the table describes: existence, width and version, instance, reserved registers, runtime model.
 * The only place that writes FFA_ERROR and that locks an endpoint's version. Takes no locks.
 */
#include "ffa/dispatch.h"

#include "ffa/abi_table.h"

/* The vocabulary of the table's columns. */
enum {
	NS = INSTANCE_NS,
	S1UP = INSTANCE_S1UP,
	S1MP = INSTANCE_S1MP,
	S0 = INSTANCE_S0,
	SP = S1UP | S1MP | S0,
	ANY = NS | SP,
	NONE = ABI_NEVER,
	INIT = 1 << MODEL_INIT,
	RUN = 1 << MODEL_RUN,
	DIRECT = 1 << MODEL_DIRECT,
	INTERRUPT = 1 << MODEL_INTERRUPT,
	ARGS_FIRST = ABI_ARGUMENTS_FIRST,
	POWER = 1 << MODEL_POWER,
	CALLER = 1 << MODEL_CALLER,
	ALL_MODELS = INIT | RUN | DIRECT | INTERRUPT | POWER | CALLER,
	R8 = ABI_NEVER,
	R18 = 2,
	R18_1_3 = 3,
	SMC32_REGISTERS = 0xFF,
	ROW_COUNT = 0x98 - FFA_NUMBER_FIRST,
};

#define none NULL
static const struct abi_row rows[ROW_COUNT] = {
#define FFA_ABI(abi_name, number, since32, since64, who, features, methods, when, registers, zero, \
		serve, chapter)                                                                    \
	[(number) - FFA_NUMBER_FIRST] = {                                                          \
		.name = #abi_name,                                                                 \
		.handler = (serve),                                                                \
		.since = { (since32), (since64) },                                                 \
		.callers = (who),                                                                  \
		.reported = (features),                                                            \
		.models = (when) | 1 << MODEL_NORMAL_WORLD,                                        \
		.wide_since = (registers),                                                         \
		.method = (methods),                                                               \
		.mbz = (zero),                                                                     \
	},
#include "abi/ffa_abi.def"
#undef FFA_ABI
};
#undef none

/** Where in the table @fid (without SVE hint) is; ROW_COUNT and more: nowhere. */
static uint32_t row_number(uint32_t fid)
{
	return (fid & ~FFA_FID_SMC64) - FFA_FID32(FFA_NUMBER_FIRST);
}

const struct abi_row *abi_row(uint32_t fid)
{
	uint32_t at = row_number(fid);

	return at < ROW_COUNT && rows[at].name != NULL ? &rows[at] : NULL;
}

static bool reserved_are_zero(const struct call *call, uint32_t mbz)
{
	if ((call->fid & FFA_FID_SMC64) == 0) {
		mbz &= SMC32_REGISTERS;
	}
	while (mbz != 0) {
		if (call_arg(call, (unsigned)__builtin_ctz(mbz)) != 0) {
			return false;
		}
		mbz &= mbz - 1;
	}
	return true;
}

/**
 * The first FF-A call other than FFA_VERSION fixes the caller's version (DEN0077A, FFA_VERSION). EL3's
 * partitions discover ours as the normal world would, before it has run.
 */
static void lock_version(struct endpoint *endpoint, const struct abi_row *row)
{
	bool may_be_el3 = row->handler == ffa_partition_info_get_regs &&
			  endpoint->instance == INSTANCE_NS &&
			  endpoint_version(endpoint) == SPMC_DEFAULT_VERSION;

	if (row->handler != ffa_version && row->handler != ffa_interrupt && !may_be_el3) {
		atomic_fetch_or_explicit(&endpoint->version, VERSION_LOCKED, memory_order_relaxed);
	}
}

/** The checks that the table describes, in the order of DEN0077A's precedence; then the handler. */
static enum ffa_status serve(struct call *call, const struct abi_row *row)
{
	const struct exec_ctx *ctx = call->ctx;
	struct endpoint *caller = ctx->endpoint;
	uint32_t version = atomic_load_explicit(&caller->version, memory_order_relaxed);

	if (row->handler == NULL || !(row->callers & caller->instance)) {
		return FFA_NOT_SUPPORTED;
	}
	call->version = version & ~VERSION_LOCKED;
	if (!abi_row_has(row, call->fid, call->version)) {
		return FFA_NOT_SUPPORTED;
	}
	if (__builtin_expect(!(version & VERSION_LOCKED), 0)) {
		lock_version(caller, row);
	}
	if ((call->fid & FFA_FID_SMC64) != 0 && (call->version & 0xFFFFU) >= row->wide_since) {
		call->ctx->wide = true;
	}
	if (row->mbz != 0 && !reserved_are_zero(call, row->mbz)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (__builtin_expect(!(row->models >> ctx->model & 1), 0)) {
		if (!(row->models & ABI_ARGUMENTS_FIRST)) {
			return FFA_DENIED;
		}
		call->refused = true;
	}
	return row->handler(call);
}

/* Nothing on its stack is an array: a canary would cost a tenth of a call and guard nothing. */
__attribute__((no_stack_protector)) void ffa_dispatch(struct pe *pe, struct exec_ctx *ctx)
{
	struct call call = {
		.spmc = pe->spmc,
		.pe = pe,
		.ctx = ctx,
		.x = ctx->arch.x,
		.fid = (uint32_t)ctx->arch.x[0] & ~FFA_FID_SVE_HINT,
	};
	uint32_t at = row_number(call.fid);
	enum ffa_status status = FFA_NOT_SUPPORTED;

	ctx->wide = false;
	if (at < ROW_COUNT) {
		status = serve(&call, &rows[at]);
	}
	if (status != FFA_OK) {
		complete(call.ctx, FFA_ERROR_32, 0, (uint32_t)status, 0);
	}
}
