/* SPDX-License-Identifier: BSD-3-Clause */
/* One number for everything that a refused call must leave as it was. */
#include "tests/unit/ffa/ffa_fixture.h"

static uint64_t mix(uint64_t sum, const void *bytes, size_t size)
{
	for (const uint8_t *at = bytes, *end = at + size; at < end; at++) {
		sum = (sum ^ *at) * UINT64_C(0x100000001b3);
	}
	return sum;
}

#define MIX(sum, value) ((sum) = mix(sum, &(value), sizeof(value)))

/** Mixes in which object @pointer points to. */
static uint64_t mix_pointer(uint64_t sum, const void *pointer)
{
	uintptr_t address = (uintptr_t)pointer;

	return MIX(sum, address);
}

static uint64_t mix_mailbox(uint64_t sum, const struct mailbox *mailbox)
{
	MIX(sum, mailbox->mapped);
	MIX(sum, mailbox->fixed);
	MIX(sum, mailbox->rx_full);
	MIX(sum, mailbox->world);
	MIX(sum, mailbox->map_before);
	MIX(sum, mailbox->tx);
	MIX(sum, mailbox->rx);
	if (mailbox->mapped) {
		sum = mix(sum, host_ram(mailbox->rx.base), PAGE_SIZE);
	}
	return sum;
}

static uint64_t mix_context(uint64_t sum, const struct exec_ctx *ctx, bool registers_too)
{
	uint32_t state = exec_ctx_state(ctx);

	MIX(sum, state);
	MIX(sum, ctx->model);
	MIX(sum, ctx->request);
	MIX(sum, ctx->requester);
	MIX(sum, ctx->allocator);
	sum = mix_pointer(sum, ctx->previous);
	MIX(sum, ctx->line_size);
	sum = mix(sum, ctx->line, ctx->line_size);
	MIX(sum, ctx->arch.pc);
	sum = mix(sum, ctx->arch.x + 18, sizeof(ctx->arch.x) - 18 * sizeof(ctx->arch.x[0]));
	return registers_too ? mix(sum, ctx->arch.x, sizeof(ctx->arch.x)) : sum;
}

static uint64_t mix_endpoint(uint64_t sum, const struct endpoint *endpoint)
{
	uint32_t version = endpoint_version(endpoint);

	MIX(sum, version);
	return mix_mailbox(sum, &endpoint->mailbox);
}

uint64_t fingerprint(const struct exec_ctx *caller)
{
	const struct spmc *spmc = the_spmc();
	uint64_t writes = table_writes();
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	sum = mix_endpoint(sum, &spmc->normal_world);
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		const struct pe *pe = &spmc->pes[i];

		sum = mix_pointer(sum, pe->current);
		MIX(sum, pe->starting);
		MIX(sum, pe->boot_next);
		MIX(sum, pe->arch.normal_world_masked);
		sum = mix_context(sum, &pe->normal_world, &pe->normal_world != caller);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		const struct partition *partition = &spmc->partitions[i];
		uint32_t state = partition_state(partition);
		uint64_t entry = partition->secondary_entry;

		sum = mix_endpoint(sum, &partition->endpoint);
		MIX(sum, state);
		MIX(sum, entry);
		MIX(sum, partition->quota.used_pages);
		for (unsigned c = 0; c < partition->context_count; c++) {
			sum = mix_context(sum, &partition->contexts[c],
					  &partition->contexts[c] != caller);
		}
	}
	MIX(sum, spmc->pool.free_count);
	MIX(sum, writes);
	return sum;
}
