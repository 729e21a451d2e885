/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Direct messages (DEN0077A, "Direct messaging"): FFA_MSG_SEND_DIRECT_REQ/RESP and REQ2/RESP2 between the
 * normal world or EL3's partitions and partitions, and among these. What framework messages mean is
 * framework.c's and power.c's. Takes no
 * locks: the receiver's context is claimed with one compare-and-swap, or the sender is told BUSY.
 */
#include "ffa/direct.h"

#include "core/call_chain.h"
#include "core/uuid.h"
#include "ffa/framework.h"
#include "ffa/interrupt.h"
#include "ffa/notification.h"
#include "ffa/power.h"

/**
 * True when the caller may send with ID @from: the normal world for any of its VMs. EL3's partitions come
 * the same way, from a place of their own (el3.c).
 */
static bool sender_is_genuine(const struct call *call, uint16_t from)
{
	if (!call_from_normal_world(call)) {
		return from == call->ctx->endpoint->id;
	}
	return (from & FFA_ID_SECURE_BIT) == 0 || call->pe->duty == DUTY_EL3_REQUEST;
}

/** The receiver of a request as far as its registers tell: IDs that may talk to each other. */
static enum ffa_status find_receiver(const struct call *call, struct partition **receiver)
{
	uint16_t from = FFA_SENDER(call_w(call, 1));
	uint16_t to = FFA_RECEIVER(call_w(call, 1));

	if (!sender_is_genuine(call, from) || from == to) {
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

/** A receiver that is at work is BUSY even to a caller whose runtime model lets it ask nobody. */
static enum ffa_status refusal_by_model(const struct exec_ctx *target)
{
	enum ctx_state state = exec_ctx_state(target);

	return state == CTX_WAITING || state == CTX_ABORTED ? FFA_DENIED : FFA_BUSY;
}

enum ffa_status direct_claim(const struct call *call, struct partition *receiver,
			     struct exec_ctx **target)
{
	struct exec_ctx *ctx = partition_context(receiver, call->pe->index);

	if (ctx == NULL) {
		return FFA_INVALID_PARAMETERS;
	}
	if (__builtin_expect(call->refused, 0)) {
		return refusal_by_model(ctx);
	}
	if (!pe_claim(call->pe, ctx, CTX_WAITING)) {
		return refusal(receiver, ctx);
	}
	if (partition_has_ended(receiver)) {
		pe_rest(call->pe, ctx, CTX_WAITING);
		return FFA_ABORTED;
	}
	*target = ctx;
	return FFA_OK;
}

void direct_enter(const struct call *call, struct exec_ctx *target, enum request_kind kind,
		  uint16_t requester)
{
	target->model = MODEL_DIRECT;
	target->request = (uint8_t)kind;
	target->requester = requester;
	call_chain_enter(call->pe, call->ctx, target);
	notification_announce_if_any(target);
}

/** The version of who gets a message in @to: EL3's partitions come the normal world's way, in their own. */
static uint32_t version_of(const struct call *call, const struct exec_ctx *to)
{
	return to->partition == NULL && call->pe->duty == DUTY_EL3_REQUEST
		       ? SPMC_DEFAULT_VERSION
		       : endpoint_version(to->endpoint);
}

/** True when x8-x17 of a message of the first kind are payload: in SMC64, between ends of v1.3. */
static bool payload_is_wide(const struct call *call, const struct exec_ctx *to)
{
	return __builtin_expect(call->version >= FFA_VERSION_1_3, 0) &&
	       (call->fid & FFA_FID_SMC64) != 0 && version_of(call, to) >= FFA_VERSION_1_3;
}

/** x0-x7 of a request or response of the first kind, in its width, x8-x17 where they count; no flags. */
static void deliver_payload(const struct call *call, struct exec_ctx *to)
{
	uint64_t mask = call_mask(call);
	const uint64_t *in = call->x;
	uint64_t *out = to->arch.x;
	uint64_t payload[5];

	for (unsigned i = 0; i < 5; i++) {
		payload[i] = in[3 + i] & mask;
	}
	out[0] = call->fid;
	out[1] = (uint32_t)in[1];
	out[2] = 0;
	for (unsigned i = 0; i < 5; i++) {
		out[3 + i] = payload[i];
	}
	if (!payload_is_wide(call, to)) {
		complete_wide(to);
		return;
	}
	for (unsigned i = 8; i < 18; i++) {
		out[i] = in[i];
	}
}

/** x0-x17 of a request of the second kind. */
static void deliver_request2(const struct call *call, struct exec_ctx *to)
{
	uint64_t *out = to->arch.x;

	out[0] = call->fid;
	out[1] = call_w(call, 1);
	for (unsigned i = 2; i < 18; i++) {
		out[i] = call->x[i];
	}
}

enum ffa_status ffa_msg_send_direct_req(struct call *call)
{
	struct partition *receiver;
	struct exec_ctx *target;
	enum ffa_status status;

	if (__builtin_expect(call_w(call, 2) != 0, 0)) {
		return framework_request(call);
	}
	status = find_receiver(call, &receiver);
	if (status != FFA_OK) {
		return status;
	}
	if (!methods_allow(call, receiver, FFA_PROPERTY_DIRECT_REQ_SEND,
			   FFA_PROPERTY_DIRECT_REQ_RECEIVE)) {
		return FFA_DENIED;
	}
	status = direct_claim(call, receiver, &target);
	if (status != FFA_OK) {
		return status;
	}

	direct_enter(call, target, REQUEST_DIRECT, FFA_SENDER(call_w(call, 1)));
	deliver_payload(call, target);
	return FFA_OK;
}

enum ffa_status ffa_msg_send_direct_req2(struct call *call)
{
	struct ffa_uuid uuid = uuid_of_registers(call->x[2], call->x[3]);
	struct partition *receiver;
	struct exec_ctx *target;
	uint32_t method;
	enum ffa_status status = find_receiver(call, &receiver);

	if (status != FFA_OK) {
		return status;
	}
	if (!partition_service_method(receiver, &uuid, &method)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (endpoint_version(&receiver->endpoint) < FFA_VERSION_1_2 ||
	    !(method & FFA_PROPERTY_DIRECT_REQ2_RECEIVE) ||
	    !methods_allow(call, receiver, FFA_PROPERTY_DIRECT_REQ2_SEND,
			   FFA_PROPERTY_DIRECT_REQ2_RECEIVE)) {
		return FFA_DENIED;
	}
	status = direct_claim(call, receiver, &target);
	if (status != FFA_OK) {
		return status;
	}

	direct_enter(call, target, REQUEST_DIRECT2, FFA_SENDER(call_w(call, 1)));
	deliver_request2(call, target);
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
	if (next->partition != NULL) {
		return ctx->requester == next->endpoint->id;
	}
	return (ctx->requester & FFA_ID_SECURE_BIT) == 0 || FFA_ID_IS_EL3_PARTITION(ctx->requester);
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

/** A framework response: its type and a status. */
static void deliver_framework_response(const struct call *call, struct exec_ctx *to)
{
	complete(to, call->fid, call_w(call, 1), call_w(call, 2), call_w(call, 3));
}

/**
 * FFA_INVALID_PARAMETERS  IDs that cannot be those of a response; a framework response to another message.
 * FFA_DENIED              there is no request, it was of the other kind, or came from somebody else.
 */
static enum ffa_status check_response(const struct call *call, enum request_kind kind)
{
	const struct exec_ctx *ctx = call->ctx;

	if (!response_ids_are_plausible(call)) {
		return FFA_INVALID_PARAMETERS;
	}
	if (kind > REQUEST_DIRECT2 && ctx->request != kind) {
		return FFA_INVALID_PARAMETERS;
	}
	if (call->refused) {
		return FFA_DENIED;
	}
	return ctx->request == kind && ctx->requester == FFA_RECEIVER(call_w(call, 1)) ? FFA_OK
										       : FFA_DENIED;
}

/** Statuses of check_response(). */
static enum ffa_status respond(struct call *call, enum request_kind kind,
			       void (*deliver)(const struct call *, struct exec_ctx *))
{
	struct exec_ctx *ctx = call->ctx;
	enum ffa_status status = check_response(call, kind);
	struct exec_ctx *next;

	if (status != FFA_OK) {
		return status;
	}

	next = finish_request(call);
	if (requester_waits(ctx, next)) {
		deliver(call, next);
	} else {
		complete(next, FFA_MSG_WAIT_32, 0, 0, 0);
	}
	interrupt_rest_waiting(call->pe, ctx);
	return FFA_OK;
}

/** The answer to a framework message, type in w2 and status in w3. Statuses of check_response(). */
static enum ffa_status respond_to_framework(struct call *call)
{
	enum request_kind kind = framework_answered(call_w(call, 2));
	enum ffa_status status;

	if (kind == REQUEST_NONE || (call->fid & FFA_FID_SMC64) != 0) {
		return FFA_INVALID_PARAMETERS;
	}
	if (kind != REQUEST_POWER) {
		return respond(call, kind, deliver_framework_response);
	}
	status = check_response(call, kind);
	if (status == FFA_OK) {
		power_off_answered(call->pe, call->ctx, (int32_t)call_w(call, 3));
	}
	return status;
}

/** x8-x17: reserved in the SMC64 form of v1.2, payload from v1.3 on. */
static bool extension_is_valid(const struct call *call)
{
	const uint64_t *x = call->x;

	if ((call->fid & FFA_FID_SMC64) == 0 || call->version != FFA_VERSION_1_2) {
		return true;
	}
	return (x[8] | x[9] | x[10] | x[11] | x[12] | x[13] | x[14] | x[15] | x[16] | x[17]) == 0;
}

enum ffa_status ffa_msg_send_direct_resp(struct call *call)
{
	if (__builtin_expect(call_w(call, 2) != 0, 0)) {
		return respond_to_framework(call);
	}
	if (!extension_is_valid(call)) {
		return FFA_INVALID_PARAMETERS;
	}
	return respond(call, REQUEST_DIRECT, deliver_response);
}

enum ffa_status ffa_msg_send_direct_resp2(struct call *call)
{
	return respond(call, REQUEST_DIRECT2, deliver_response2);
}
