/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Direct messages (DEN0077A, "Direct messaging"): FFA_MSG_SEND_DIRECT_REQ/RESP and REQ2/RESP2 between the
 * normal world and partitions and among partitions. Framework messages are framework.c's. Takes no
 * locks: the receiver's context is claimed with one compare-and-swap, or the sender is told BUSY.
 */
#include "core/call_chain.h"
#include "ffa/call.h"

/** The receiver of a request as far as its registers tell: IDs that may talk to each other. */
static enum ffa_status find_receiver(const struct call *call, struct partition **receiver)
{
	uint16_t from = FFA_SENDER(call_w(call, 1));
	uint16_t to = FFA_RECEIVER(call_w(call, 1));

	if (call_from_normal_world(call)) {
		if (from & FFA_ID_SECURE_BIT) {
			return FFA_INVALID_PARAMETERS;
		}
	} else if (from != call->ctx->endpoint->id) {
		return FFA_INVALID_PARAMETERS;
	}
	if (from == to) {
		return FFA_INVALID_PARAMETERS;
	}
	*receiver = spmc_partition(call->spmc, to);
	return *receiver != NULL ? FFA_OK : FFA_INVALID_PARAMETERS;
}

/** Both ends must have declared, in their manifests, the method bits that the message needs. */
static bool methods_allow(const struct call *call, const struct partition *receiver, uint32_t send,
			  uint32_t receive)
{
	const struct partition *sender = call->ctx->partition;

	return (sender == NULL || (sender->config->messaging_method & send)) &&
	       (receiver->config->messaging_method & receive);
}

/** Why a context that could not be claimed cannot take a request now. */
static enum ffa_status refusal(const struct partition *receiver, const struct exec_ctx *target)
{
	bool dead = partition_state(receiver) == PARTITION_ABORTED ||
		    exec_ctx_state(target) == CTX_ABORTED;

	return dead ? FFA_ABORTED : FFA_BUSY;
}

/** Claims the context of @receiver that serves this PE. */
static enum ffa_status claim_receiver(const struct call *call, struct partition *receiver,
				      struct exec_ctx **target)
{
	struct exec_ctx *ctx = partition_context(receiver, call->pe->index);

	if (ctx == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!exec_ctx_claim(ctx, CTX_WAITING)) {
		return refusal(receiver, ctx);
	}
	if (partition_state(receiver) == PARTITION_ABORTED) {
		pe_rest(call->pe, ctx, CTX_WAITING);
		return FFA_ABORTED;
	}
	*target = ctx;
	return FFA_OK;
}

/** x0-x7 of a request or response of the first kind, in its width; no flags. */
static void deliver_payload(const struct call *call, struct exec_ctx *to)
{
	uint64_t mask = call_mask(call);
	uint64_t *out = to->arch.x;

	complete(to, call->fid, call_w(call, 1), 0, call->x[3] & mask);
	out[4] = call->x[4] & mask;
	out[5] = call->x[5] & mask;
	out[6] = call->x[6] & mask;
	out[7] = call->x[7] & mask;
}

/** Links the claimed @target behind the sender and puts the sender's request into its registers. */
static void deliver_request(const struct call *call, struct exec_ctx *target,
			    enum request_kind kind)
{
	const uint64_t *in = call->x;
	uint64_t *out = target->arch.x;

	target->model = MODEL_DIRECT;
	target->request = (uint8_t)kind;
	target->requester = FFA_SENDER(call_w(call, 1));
	call_chain_enter(call->pe, call->ctx, target);
	if (kind == REQUEST_DIRECT2) {
		out[0] = call->fid;
		out[1] = call_w(call, 1);
		for (unsigned i = 2; i < 18; i++) {
			out[i] = in[i];
		}
		return;
	}
	deliver_payload(call, target);
}

enum ffa_status ffa_msg_send_direct_req(struct call *call)
{
	struct partition *receiver;
	struct exec_ctx *target;
	enum ffa_status status;

	if (call_w(call, 2) != 0) {
		return FFA_INVALID_PARAMETERS; /* framework messages come from the SPMD: framework.c */
	}
	status = find_receiver(call, &receiver);
	if (status != FFA_OK) {
		return status;
	}
	if (!methods_allow(call, receiver, FFA_PROPERTY_DIRECT_REQ_SEND,
			   FFA_PROPERTY_DIRECT_REQ_RECEIVE)) {
		return FFA_DENIED;
	}
	status = claim_receiver(call, receiver, &target);
	if (status != FFA_OK) {
		return status;
	}

	deliver_request(call, target, REQUEST_DIRECT);
	return FFA_OK;
}

/**
 * The method bits of the service of @receiver that REQ2 addresses: of all services for the nil UUID.
 *
 * FFA_INVALID_PARAMETERS  no service has this UUID.
 */
static enum ffa_status service_method(const struct partition *receiver, uint64_t low, uint64_t high,
				      uint32_t *method)
{
	const struct partition_config *config = receiver->config;

	if (low == 0 && high == 0) {
		*method = config->messaging_method;
		return FFA_OK;
	}
	for (unsigned i = 0; i < config->service_count; i++) {
		const uint32_t *word = config->services[i].uuid.word;

		if (low == ((uint64_t)word[1] << 32 | word[0]) &&
		    high == ((uint64_t)word[3] << 32 | word[2])) {
			*method = config->services[i].messaging_method;
			return FFA_OK;
		}
	}
	return FFA_INVALID_PARAMETERS;
}

enum ffa_status ffa_msg_send_direct_req2(struct call *call)
{
	struct partition *receiver;
	struct exec_ctx *target;
	uint32_t method;
	enum ffa_status status = find_receiver(call, &receiver);

	if (status != FFA_OK) {
		return status;
	}
	status = service_method(receiver, call->x[2], call->x[3], &method);
	if (status != FFA_OK) {
		return status;
	}
	if (endpoint_version(&receiver->endpoint) < FFA_VERSION_1_2 ||
	    !(method & FFA_PROPERTY_DIRECT_REQ2_RECEIVE) ||
	    !methods_allow(call, receiver, FFA_PROPERTY_DIRECT_REQ2_SEND,
			   FFA_PROPERTY_DIRECT_REQ2_RECEIVE)) {
		return FFA_DENIED;
	}
	status = claim_receiver(call, receiver, &target);
	if (status != FFA_OK) {
		return status;
	}

	deliver_request(call, target, REQUEST_DIRECT2);
	return FFA_OK;
}

/** The response's IDs: from the caller, to somebody else. */
static bool response_ids_are_plausible(const struct call *call)
{
	uint16_t from = FFA_SENDER(call_w(call, 1));

	return from == call->ctx->endpoint->id && from != FFA_RECEIVER(call_w(call, 1));
}

/**
 * The caller is done with its request: it waits again, and whoever gave it cycles goes on. The result is
 * the context that runs next; its registers are still to be written.
 */
static struct exec_ctx *finish_request(const struct call *call)
{
	struct exec_ctx *ctx = call->ctx;
	struct exec_ctx *next = call_chain_leave(call->pe, ctx);

	ctx->model = MODEL_NONE;
	ctx->request = REQUEST_NONE;
	return next;
}

/**
 * True when @next, who gets the cycles, is who sent the request. Otherwise the normal world has seen a
 * preempted callee of a partition through, and nobody is there to take the response.
 */
static bool requester_waits(const struct exec_ctx *ctx, const struct exec_ctx *next)
{
	return next->partition == NULL ? !(ctx->requester & FFA_ID_SECURE_BIT)
				       : ctx->requester == next->endpoint->id;
}

/** Writes an 18-register response, x2 and x3 zero. */
static void deliver_response2(const struct call *call, struct exec_ctx *to)
{
	uint64_t *out = to->arch.x;

	out[0] = call->fid;
	out[1] = call_w(call, 1);
	out[2] = 0;
	out[3] = 0;
	for (unsigned i = 4; i < 18; i++) {
		out[i] = call->x[i];
	}
}

static void deliver_response(const struct call *call, struct exec_ctx *to)
{
	deliver_payload(call, to);
}

/**
 * FFA_INVALID_PARAMETERS  IDs that cannot be those of a response.
 * FFA_DENIED              there is no request, it was of the other kind, or came from somebody else.
 */
static enum ffa_status respond(struct call *call, enum request_kind kind,
			       void (*deliver)(const struct call *, struct exec_ctx *))
{
	struct exec_ctx *ctx = call->ctx;
	struct exec_ctx *next;

	if (!response_ids_are_plausible(call)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (!call->permitted || ctx->request != kind ||
	    ctx->requester != FFA_RECEIVER(call_w(call, 1))) {
		return FFA_DENIED;
	}

	next = finish_request(call);
	if (requester_waits(ctx, next)) {
		deliver(call, next);
	} else {
		complete(next, FFA_MSG_WAIT_32, 0, 0, 0);
	}
	pe_rest(call->pe, ctx, CTX_WAITING);
	return FFA_OK;
}

/** x8-x17: reserved in the SMC64 form from v1.2 on. */
static bool extension_is_zero(const uint64_t *x)
{
	return (x[8] | x[9] | x[10] | x[11] | x[12] | x[13] | x[14] | x[15] | x[16] | x[17]) == 0;
}

enum ffa_status ffa_msg_send_direct_resp(struct call *call)
{
	if (call_w(call, 2) != 0) {
		return FFA_INVALID_PARAMETERS; /* no framework request is handed to partitions */
	}
	if ((call->fid & FFA_FID_SMC64) && call->version >= FFA_VERSION_1_2 &&
	    !extension_is_zero(call->x)) {
		return FFA_INVALID_PARAMETERS;
	}
	return respond(call, REQUEST_DIRECT, deliver_response);
}

enum ffa_status ffa_msg_send_direct_resp2(struct call *call)
{
	return respond(call, REQUEST_DIRECT2, deliver_response2);
}
