/* SPDX-License-Identifier: BSD-3-Clause */
/* One number for everything that a refused call must leave as it was. */
#include "tests/unit/ffa/ffa_fixture.h"
#include "tests/unit/ffa/mappings_fixture.h"

#define SUM_OF_NOTHING UINT64_C(0xcbf29ce484222325)

static uint64_t mix(uint64_t sum, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t), at += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, at, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 29;
	}
	for (; size > 0; size--, at++) {
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

static uint64_t mix_rx(uint64_t sum, const struct mailbox *mailbox)
{
	return mix(sum, host_ram(mailbox->rx.base), mailbox->rx.page_count * PAGE_SIZE);
}

/** What is in an empty RX buffer has a sum of its own. */
static uint64_t mix_mailbox(uint64_t sum, const struct mailbox *mailbox)
{
	MIX(sum, mailbox->mapped);
	MIX(sum, mailbox->rx_state);
	MIX(sum, mailbox->world);
	MIX(sum, mailbox->tx_before);
	MIX(sum, mailbox->rx_before);
	MIX(sum, mailbox->tx);
	MIX(sum, mailbox->rx);
	if (mailbox->mapped) {
		MIX(sum, mailbox->owner);
	}
	return mailbox->mapped && mailbox->rx_state != RX_EMPTY ? mix_rx(sum, mailbox) : sum;
}

static uint64_t mix_notif_class(uint64_t sum, const struct notif_class_state *class,
				unsigned vcpu_count)
{
	MIX(sum, class->bound);
	MIX(sum, class->per_vcpu);
	MIX(sum, class->pending);
	MIX(sum, class->vcpus);
	MIX(sum, class->untold_vcpus);
	sum = mix(sum, class->sender, sizeof(class->sender));
	return class->vcpu_pending == NULL
		       ? sum
		       : mix(sum, class->vcpu_pending, vcpu_count * sizeof(uint64_t));
}

static uint64_t mix_notifications(uint64_t sum, const struct notif_set *set)
{
	MIX(sum, set->receiver);
	MIX(sum, set->framework);
	MIX(sum, set->untold);
	MIX(sum, set->untold_interrupts);
	for (unsigned i = 0; i < NOTIF_CLASS_COUNT && notif_set_is_enabled(set); i++) {
		sum = mix_notif_class(sum, &set->classes[i], set->vcpu_count);
	}
	return sum;
}

static uint64_t mix_context(uint64_t sum, const struct exec_ctx *ctx, bool registers_too)
{
	uint32_t state = ctx->state;

	MIX(sum, state);
	MIX(sum, ctx->model);
	MIX(sum, ctx->request);
	MIX(sum, ctx->requester);
	MIX(sum, ctx->allocator);
	sum = mix_pointer(sum, ctx->previous);
	sum = mix_pointer(sum, ctx->interrupted);
	MIX(sum, ctx->model_before);
	if (ctx->partition != NULL) {
		MIX(sum, ctx->modes);
		MIX(sum, ctx->modes_before);
	}
	MIX(sum, ctx->virqs.pending);
	MIX(sum, ctx->virqs.held);
	MIX(sum, ctx->virqs.handled);
	MIX(sum, ctx->virqs.enabled);
	MIX(sum, ctx->virqs.fiq);
	for (unsigned i = 0; i < TIMER_KIND_COUNT; i++) {
		sum = mix_pointer(sum, ctx->timers[i].queue);
		MIX(sum, ctx->timers[i].at);
	}
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
	sum = mix_notifications(sum, &endpoint->notifications);
	return mix_mailbox(sum, &endpoint->mailbox);
}

/** What @pe does for EL3; that of a request which EL3 has its answer to ends when the normal world runs. */
static uint64_t mix_duty(uint64_t sum, const struct pe *pe)
{
	bool over = pe->duty == DUTY_EL3_REQUEST && pe->errands && pe->current == &pe->normal_world;
	enum pe_duty duty = over ? DUTY_NONE : pe->duty;
	bool masked = over && pe->ns_masked ? pe->mask_before != 0 : pe->arch.normal_world_masked;
	bool waits = !over && pe->ns_masked;

	MIX(sum, duty);
	MIX(sum, masked);
	MIX(sum, waits);
	if (duty == DUTY_START || duty == DUTY_STOP) {
		MIX(sum, pe->duty_next);
	}
	MIX(sum, pe->budget_at);
	MIX(sum, pe->exit_at);
	MIX(sum, pe->undelivered);
	MIX(sum, pe->attention);
	sum = mix_pointer(sum, pe->timed);
	return MIX(sum, pe->arch.timer_at);
}

static uint64_t mix_empty_rx(uint64_t sum, const struct mailbox *mailbox)
{
	return mailbox->mapped && mailbox->rx_state == RX_EMPTY ? mix_rx(sum, mailbox) : sum;
}

uint64_t fingerprint_of_empty_buffers(void)
{
	const struct spmc *spmc = the_spmc();
	uint64_t sum = SUM_OF_NOTHING;

	for (unsigned i = 0; i < spmc->vms.count; i++) {
		sum = mix_empty_rx(sum, &spmc->vms.vms[i].endpoint.mailbox);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		sum = mix_empty_rx(sum, &spmc->partitions[i].endpoint.mailbox);
	}
	return sum;
}

/* What all tables say: of the normal world's record, then of the partitions. */
struct all_mappings {
	uint64_t writes; /* when they were looked at */
	struct mappings of[1 + CONFIG_PARTITION_MAX];
};

/** They are looked at only when one was written. */
static const struct all_mappings *look_at_mappings(const struct spmc *spmc)
{
	static struct all_mappings known;

	if (known.writes == 0 || known.writes != table_writes()) {
		known.writes = table_writes();
		known.of[0] = mappings_of(&spmc->ns_record);
		for (unsigned i = 0; i < spmc->partition_count; i++) {
			known.of[1 + i] = mappings_of(&spmc->partitions[i].space);
		}
	}
	return &known;
}

static bool refusal_frees_pages;

void expect_refusal_to_free_pages(bool expected)
{
	refusal_frees_pages = expected;
}

/** Mappings, and the pages that are not in tables: a refused call may have left larger entries split. */
static uint64_t mix_memory(uint64_t sum, const struct spmc *spmc)
{
	const struct all_mappings *all = look_at_mappings(spmc);
	uint32_t pages = spmc->pool.free_count;

	for (unsigned i = 0; i <= spmc->partition_count; i++) {
		const struct quota *quota = i == 0 ? &spmc->ns_quota
						   : &spmc->partitions[i - 1].quota;
		uint32_t used = quota->used_pages - all->of[i].tables;

		pages += all->of[i].tables;
		MIX(sum, all->of[i].sum);
		if (!refusal_frees_pages) {
			MIX(sum, used);
		}
	}
	return refusal_frees_pages ? sum : MIX(sum, pages);
}

uint64_t fingerprint(const struct exec_ctx *caller)
{
	const struct spmc *spmc = the_spmc();
	uint64_t sum = SUM_OF_NOTHING;

	sum = mix(sum, spmc->vms.free, sizeof(spmc->vms.free));
	for (unsigned i = 0; i < spmc->vms.count; i++) {
		const struct endpoint *vm = &spmc->vms.vms[i].endpoint;

		if (i == 0 || vm->mailbox.mapped || notif_set_is_enabled(&vm->notifications)) {
			sum = mix_endpoint(sum, vm);
		}
	}
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		const struct pe *pe = &spmc->pes[i];

		sum = mix_pointer(sum, pe->current);
		sum = mix_duty(sum, pe);
		MIX(sum, pe->sri_delayed);
		MIX(sum, pe->arch.sri_count);
		sum = mix_context(sum, &pe->normal_world, &pe->normal_world != caller);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		const struct partition *partition = &spmc->partitions[i];
		uint32_t state = partition_state(partition);
		uint64_t entry = partition->secondary_entry;

		sum = mix_endpoint(sum, &partition->endpoint);
		MIX(sum, state);
		MIX(sum, entry);
		for (unsigned c = 0; c < partition->context_count; c++) {
			sum = mix_context(sum, &partition->contexts[c],
					  &partition->contexts[c] != caller);
		}
	}
	return mix_memory(sum, spmc);
}
