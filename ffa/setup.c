/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Setup and discovery of the framework itself (DEN0077A, "Setup and discovery interfaces"): FFA_VERSION,
 * FFA_FEATURES, FFA_ID_GET, FFA_SPM_ID_GET, FFA_SECONDARY_EP_REGISTER. Takes RANK_SPACE in the last.
 */
#include "ffa/setup.h"

#include "abi/ffa_memory.h"
#include "ffa/abi_table.h"

#define VERSION_REFUSED 0xFFFFFFFFU
#define FEATURES_IS_FUNCTION 0x80000000U
#define FEATURES_RXTX_PAGES_MAX_SHIFT 16

/**
 * Negotiates the version of @endpoint.
 *
 * Returns the version that this SPMC implements, or VERSION_REFUSED: bit 31 set, another major version,
 * another version than the one that is locked. A minor version above ours is answered with ours, so that
 * the caller can come down to it, but not recorded. Callable on any PE at any time.
 */
uint32_t setup_negotiate_version(struct endpoint *endpoint, uint32_t requested)
{
	uint32_t current = atomic_load_explicit(&endpoint->version, memory_order_relaxed);

	if ((requested & FFA_VERSION_INVALID_BIT) || requested >> 16 != SPMC_FFA_VERSION >> 16) {
		return VERSION_REFUSED;
	}
	if (requested > SPMC_FFA_VERSION) {
		return SPMC_FFA_VERSION;
	}
	while (!(current & VERSION_LOCKED)) {
		if (atomic_compare_exchange_weak_explicit(&endpoint->version, &current, requested,
							  memory_order_relaxed,
							  memory_order_relaxed)) {
			return SPMC_FFA_VERSION;
		}
	}
	return (current & ~VERSION_LOCKED) == requested ? SPMC_FFA_VERSION : VERSION_REFUSED;
}

uint32_t setup_answer_version(struct endpoint *endpoint, uint32_t requested, uint32_t flags)
{
	bool compatible = (requested & FFA_VERSION_INVALID_BIT) == 0 &&
			  requested >> 16 == SPMC_FFA_VERSION >> 16;

	if (!compatible || requested < FFA_VERSION_1_3) {
		flags = FFA_VERSION_NEGOTIATE; /* reserved before v1.3 */
	}
	switch (flags) {
	case FFA_VERSION_NEGOTIATE:
		return setup_negotiate_version(endpoint, requested);
	case FFA_VERSION_QUERY_COMPATIBILITY:
		return SPMC_FFA_VERSION;
	case FFA_VERSION_QUERY_NEGOTIATED:
		return endpoint_version(endpoint);
	default:
		return VERSION_REFUSED;
	}
}

enum ffa_status ffa_version(struct call *call)
{
	complete(call->ctx,
		 setup_answer_version(call->ctx->endpoint, call_w(call, 1), call_w(call, 2)), 0, 0,
		 0);
	return FFA_OK;
}

/** Properties (w2) that FFA_FEATURES gives for a function beyond its being there. */
static uint32_t function_properties(const struct call *call, uint32_t fid)
{
	if (fid == FFA_RXTX_MAP_64 && call->version >= FFA_VERSION_1_2) {
		return (uint32_t)SPMC_RXTX_PAGES_MAX << FEATURES_RXTX_PAGES_MAX_SHIFT;
	}
	return 0;
}

/**
 * FFA_FEATURES of FFA_MEM_RETRIEVE_REQ. From v1.1 on a caller must understand the NS bit and say so; before,
 * one may.
 */
static enum ffa_status retrieve_feature(const struct call *call)
{
	bool known = (call_w(call, 2) & ~FFA_MEMORY_FEATURE_NS_BIT) == 0;
	bool knows = (call_w(call, 2) & FFA_MEMORY_FEATURE_NS_BIT) != 0;
	bool hypervisor = call->version >= FFA_VERSION_1_1;

	if (!known || (!knows && call->version >= FFA_VERSION_1_1)) {
		return FFA_NOT_SUPPORTED;
	}
	if (knows) {
		atomic_store_explicit(&call->ctx->endpoint->knows_ns_bit, true,
				      memory_order_relaxed);
	}
	return call_success(call,
			    (knows ? FFA_MEMORY_FEATURE_NS_BIT : 0) |
				    (hypervisor ? FFA_MEMORY_FEATURE_HYPERVISOR_RETRIEVE : 0),
			    0);
}

/** FFA_FEATURES of a function: is it there for this caller, in its version? */
static enum ffa_status function_feature(struct call *call, uint32_t fid)
{
	const struct partition *partition = call->ctx->partition;
	const struct abi_row *row = abi_row(fid);

	if (row == NULL || !abi_row_has(row, fid, call->version) ||
	    !(row->reported & call->ctx->endpoint->instance)) {
		return FFA_NOT_SUPPORTED;
	}
	if (row->method != 0 && partition != NULL &&
	    !(row->method & partition->config->messaging_method)) {
		return FFA_NOT_SUPPORTED;
	}
	if (row->handler == ffa_mem_retrieve_req) {
		return retrieve_feature(call);
	}
	if (call_w(call, 2) != 0) {
		return FFA_NOT_SUPPORTED;
	}
	return call_success(call, function_properties(call, fid), 0);
}

/** FFA_FEATURES of what is no function: interrupts by which callers are notified, and the like. */
static enum ffa_status other_feature(struct call *call, uint32_t feature)
{
	uint8_t instance = call->ctx->endpoint->instance;

	if (call_w(call, 2) != 0) {
		return FFA_NOT_SUPPORTED;
	}
	if (feature == FFA_FEATURE_NPI && call->version >= FFA_VERSION_1_1 &&
	    (instance & (INSTANCE_S1UP | INSTANCE_S1MP)) != 0) {
		return call_success(call, VIRQ_NOTIFICATION, 0);
	}
	if (feature == FFA_FEATURE_MEI && call->version >= FFA_VERSION_1_1 &&
	    (instance & (INSTANCE_S1UP | INSTANCE_S1MP)) != 0) {
		return call_success(call, VIRQ_MANAGED_EXIT, 0);
	}
	if (feature == FFA_FEATURE_SRI && call->version >= FFA_VERSION_1_1 &&
	    instance == INSTANCE_NS) {
		return call_success(call, ARCH_INTERRUPT_SRI, 0);
	}
	if (feature == FFA_FEATURE_NOTIFICATIONS && call->version >= FFA_VERSION_1_3) {
		return call_success(call, 0, 0); /* per-vCPU ones from everybody */
	}
	return FFA_NOT_SUPPORTED;
}

/** FFA_NOT_SUPPORTED is the only error: unknown, not for this caller, not in its version; w2 that it has not. */
enum ffa_status ffa_features(struct call *call)
{
	uint32_t fid = call_w(call, 1);

	return (fid & FEATURES_IS_FUNCTION) != 0 ? function_feature(call, fid)
						 : other_feature(call, fid);
}

enum ffa_status ffa_id_get(struct call *call)
{
	return call_success(call, call->ctx->endpoint->id, 0);
}

enum ffa_status ffa_spm_id_get(struct call *call)
{
	return call_success(call, call->spmc->id, 0);
}

/**
 * Entry point of the contexts that are yet to start on other PEs; the last valid one counts.
 *
 * FFA_INVALID_PARAMETERS  x1 is not in the partition's own executable memory.
 */
enum ffa_status ffa_secondary_ep_register(struct call *call)
{
	struct partition *partition = call->ctx->partition;
	uint64_t entry = call->x[1];
	struct page_range page = { .base = paddr(entry & ~PAGE_MASK), .page_count = 1 };
	unsigned map = 0;
	bool mapped;

	lock_acquire(&partition->space.lock);
	mapped = entry % 4 == 0 && space_lookup(&partition->space, page, WORLD_SECURE, &map);
	lock_release(&partition->space.lock);
	if (!mapped || !(map & ARCH_MAP_EXECUTE)) {
		return FFA_INVALID_PARAMETERS;
	}

	atomic_store_explicit(&partition->secondary_entry, entry, memory_order_relaxed);
	return call_success(call, 0, 0);
}
