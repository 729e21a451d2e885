/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_CONSOLE_LOG (DEN0077A v1.2, "Console logging"): characters in registers, gathered into lines of
 * the calling context and written whole with its prefix, as far as its partition's quota goes; the call
 * succeeds all the same. Takes RANK_CONSOLE_QUOTA, then RANK_CONSOLE while a line is written.
 */
#include "core/log.h"
#include "ffa/call.h"

enum {
	FIRST_REGISTER = 2,
	MAX_32 = 24, /* w2-w7 */
	MAX_64 = 48, /* x2-x7 */
	MAX_64_EXTENDED = 128, /* x2-x17 */
};

static unsigned max_count(const struct call *call)
{
	if (!(call->fid & FFA_FID_SMC64)) {
		return MAX_32;
	}
	return call->version >= FFA_VERSION_1_2 ? MAX_64_EXTENDED : MAX_64;
}

static char character(const struct call *call, unsigned at)
{
	unsigned width = call->fid & FFA_FID_SMC64 ? 8 : 4;

	return (char)(call->x[FIRST_REGISTER + at / width] >> (8 * (at % width)));
}

static void flush(struct exec_ctx *ctx)
{
	log_partition(ctx->endpoint->id, ctx->index, &ctx->partition->console_quota, ctx->line,
		      ctx->line_size);
	ctx->line_size = 0;
}

/** One character into the context's line; a line end, NUL or a full line writes it. */
static void append(struct exec_ctx *ctx, char c)
{
	if (c == '\n' || c == '\0') {
		if (c == '\n' || ctx->line_size > 0) {
			flush(ctx);
		}
		return;
	}
	/* No control characters: a partition must not steer the reader's terminal. */
	ctx->line[ctx->line_size++] = c == '\t' || (c >= ' ' && c <= '~') ? c : '.';
	if (ctx->line_size == EXEC_CTX_LINE_MAX) {
		flush(ctx);
	}
}

/** FFA_INVALID_PARAMETERS  no characters, or more than the registers of this form hold. */
enum ffa_status ffa_console_log(struct call *call)
{
	uint64_t count = call_arg(call, 1);

	if (count == 0 || count > max_count(call)) {
		return FFA_INVALID_PARAMETERS;
	}

	for (unsigned i = 0; i < count; i++) {
		append(call->ctx, character(call, i));
	}
	return call_success(call, 0, 0);
}
