/* SPDX-License-Identifier: BSD-3-Clause */
/* What holds after every step, whatever the call was: of chains, contexts, locks, windows, registers. */
#include "tests/unit/ffa/ffa_fixture.h"

enum { REGISTER_COUNT = 31 };

static struct {
	uint64_t x[(CONFIG_PARTITION_MAX + 1) * SYSTEM_PES][REGISTER_COUNT];
	unsigned count;
} noted;

/* ---- the system --------------------------------------------------------------------------------- */

static void check_lock_is_free(struct lock *lock)
{
	CHECK_EQUAL(lock->next, lock->serving);
}

/** What the notice board and entries of vCPUs rely on follows from what is pending. */
static void check_notifications(const struct notif_set *set)
{
	const struct notif_class_state *class = set->classes;
	uint64_t global = set->framework | class[0].pending | class[1].pending;
	bool news = set->untold != 0 || (class[0].untold_vcpus | class[1].untold_vcpus) != 0;

	CHECK_EQUAL((*set->board & set->place) != 0, news);
	CHECK_EQUAL(set->wanted, global != 0 ? UINT64_MAX : class[0].vcpus | class[1].vcpus);
	CHECK(!(set->untold & NOTIF_FETCH_SPMC) || (uint32_t)set->framework != 0);
	CHECK(!(set->untold & NOTIF_FETCH_HYPERVISOR) || set->framework >> 32 != 0);
	for (unsigned i = 0; i < NOTIF_CLASS_COUNT; i++) {
		CHECK(!(set->untold & (unsigned)NOTIF_FETCH_PARTITIONS << i) ||
		      class[i].pending != 0);
		CHECK_EQUAL(class[i].untold_vcpus & ~class[i].vcpus, 0);
		CHECK_EQUAL(class[i].pending & ~class[i].bound, 0);
		for (unsigned v = 0; v < set->vcpu_count && class[i].vcpu_pending != NULL; v++) {
			CHECK_EQUAL(class[i].vcpu_pending[v] != 0, class[i].vcpus >> v & 1);
			CHECK_EQUAL(class[i].vcpu_pending[v] & ~class[i].bound, 0);
		}
	}
}

static void check_endpoint(struct endpoint *endpoint)
{
	CHECK(endpoint->mailbox.mapped || endpoint->mailbox.rx_state == RX_EMPTY);
	check_lock_is_free(&endpoint->mailbox.tx_lock);
	check_lock_is_free(&endpoint->mailbox.rx_lock);
	check_lock_is_free(&endpoint->notifications.lock);
	check_notifications(&endpoint->notifications);
}

/** Walks the chain of @pe from who runs to its beginning; returns its length without the normal world. */
static unsigned check_chain(const struct pe *pe)
{
	const struct exec_ctx *ctx = pe->current;
	enum ctx_state state = exec_ctx_state(ctx);
	unsigned length = 0;

	CHECK(state == CTX_RUNNING || state == CTX_STARTING);
	CHECK_EQUAL(pe->arch.timer_ns != 0, ctx->model == MODEL_POWER);
	while (ctx->partition != NULL) {
		length++;
		CHECK(length <= the_spmc()->partition_count); /* acyclic: nobody is in it twice */
		CHECK(!ctx->partition->multi_processor || ctx->index == pe->index);
		if (ctx->previous == NULL) {
			CHECK(pe->duty == DUTY_START || pe->duty == DUTY_STOP);
			CHECK_EQUAL(ctx->model, pe->duty == DUTY_START ? MODEL_INIT : MODEL_POWER);
			return length;
		}
		ctx = ctx->previous;
		state = exec_ctx_state(ctx);
		CHECK_EQUAL(state, CTX_BLOCKED);
	}
	CHECK(ctx == &pe->normal_world);
	CHECK(pe->duty == DUTY_NONE || pe->duty == DUTY_EL3_REQUEST);
	return length;
}

/** Contexts that no chain holds are at rest; returns how many are in chains. */
static unsigned check_contexts(const struct partition *partition)
{
	unsigned owned = 0;

	for (unsigned i = 0; i < partition->context_count; i++) {
		const struct exec_ctx *ctx = &partition->contexts[i];
		enum ctx_state state = exec_ctx_state(ctx);

		CHECK_EQUAL(ctx->arch.machine.irq_line,
			    (ctx->virqs.pending & ctx->virqs.enabled & ~ctx->virqs.fiq) != 0);
		CHECK_EQUAL(ctx->arch.machine.fiq_line,
			    (ctx->virqs.pending & ctx->virqs.enabled & ctx->virqs.fiq) != 0);
		if (state == CTX_RUNNING || state == CTX_STARTING || state == CTX_BLOCKED) {
			CHECK(ctx->model != MODEL_NONE);
			owned++;
			continue;
		}
		CHECK(ctx->previous == NULL);
		CHECK(state == CTX_ABORTED ||
		      (state == CTX_WAITING || state == CTX_OFF) == (ctx->model == MODEL_NONE));
		CHECK(!ctx->arch.migrates || ctx->arch.machine.resident == NULL);
	}
	return owned;
}

void check_invariants(void)
{
	struct spmc *spmc = the_spmc();
	unsigned in_chains = 0, owned = 0;

	CHECK(host_windows_are_closed(&spmc->pes[0].arch, sizeof(struct pe), spmc->pe_count));
	check_lock_is_free(&spmc->pool.lock);
	check_lock_is_free(&spmc->vms.lock);
	check_lock_is_free(&spmc->el3_lock);
	for (unsigned i = 0; i < spmc->vms.count; i++) {
		check_endpoint(&spmc->vms.vms[i].endpoint);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];

		check_lock_is_free(&partition->space.lock);
		check_lock_is_free(&partition->console_quota.lock);
		check_endpoint(&partition->endpoint);
		owned += check_contexts(partition);
	}
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		in_chains += pe_is_on(i) ? check_chain(&spmc->pes[i]) : 0;
	}
	CHECK_EQUAL(owned, in_chains); /* with acyclic chains: each is in exactly one */
}

/* ---- registers ---------------------------------------------------------------------------------- */

static void note_context(const struct exec_ctx *ctx)
{
	memcpy(noted.x[noted.count++], ctx->arch.x, sizeof(noted.x[0]));
}

void note_registers(void)
{
	const struct spmc *spmc = the_spmc();

	noted.count = 0;
	for (unsigned i = 0; i < spmc->pe_count; i++) {
		note_context(&spmc->pes[i].normal_world);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		for (unsigned c = 0; c < spmc->partitions[i].context_count; c++) {
			note_context(&spmc->partitions[i].contexts[c]);
		}
	}
}

static void check_context_kept(const struct exec_ctx *ctx, const uint64_t *before)
{
	bool starting = exec_ctx_state(ctx) == CTX_STARTING; /* all registers are made up */
	size_t first = ctx == this_pe()->current ? 18 : 0;

	if (!starting) {
		CHECK_BYTES(ctx->arch.x + first, before + first,
			    (REGISTER_COUNT - first) * sizeof(uint64_t));
	}
}

void check_registers_kept(void)
{
	const struct spmc *spmc = the_spmc();
	unsigned at = 0;

	for (unsigned i = 0; i < spmc->pe_count; i++) {
		check_context_kept(&spmc->pes[i].normal_world, noted.x[at++]);
	}
	for (unsigned i = 0; i < spmc->partition_count; i++) {
		for (unsigned c = 0; c < spmc->partitions[i].context_count; c++) {
			check_context_kept(&spmc->partitions[i].contexts[c], noted.x[at++]);
		}
	}
}
