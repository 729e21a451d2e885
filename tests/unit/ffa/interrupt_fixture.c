/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts that come, partitions that deal with them. */
#include "tests/unit/ffa/interrupt_fixture.h"

enum { SETTLE_STEPS = 200 };

/* ---- building ----------------------------------------------------------------------------------- */

struct partition_config *interrupts_add(uint16_t id, enum instance instance)
{
	struct partition_config *config = system_add(id, instance);

	config->interrupts[0] =
		(struct interrupt_config){ .id = SPI_OF(id), .type = 2, .secure = true };
	config->interrupt_count = 1;
	return config;
}

void interrupts_add_usual(enum instance instance)
{
	system_reset();
	interrupts_add(SP1, instance);
	interrupts_add(SP2, INSTANCE_S1MP);
	interrupts_add(SP3, INSTANCE_S1UP);
	interrupts_add(SP4, INSTANCE_S0);
}

static bool is_s_el0(const struct exec_ctx *ctx)
{
	return ctx->arch.kind == ARCH_KIND_S_EL0;
}

uint64_t paravirt(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3)
{
	bool user = is_s_el0(this_pe()->current);

	CALL_THROUGH(user ? ARCH_CONDUIT_SVC : ARCH_CONDUIT_HVC, x0, x1, x2, x3);
	return registers()[0];
}

void interrupts_enable(void)
{
	const struct exec_ctx *ctx = this_pe()->current;

	if (!is_s_el0(ctx)) {
		CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, VIRQ_TIMER, 1, 0), 0);
		CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, VIRQ_IPI, 1, 0), 0);
	}
	for (unsigned i = 0; i < ctx->partition->interrupt_count && !is_s_el0(ctx); i++) {
		uint32_t intid = ctx->partition->interrupts[i].config->id;

		CHECK_EQUAL(paravirt(INTERRUPT_ENABLE, intid, 1, 0), 0);
	}
}

void interrupts_start_until(uint16_t id)
{
	while (this_pe()->duty == DUTY_START && running() != id) {
		interrupts_enable();
		CALL(running(), FFA_MSG_WAIT_32);
	}
	CHECK_EQUAL(running(), id);
}

void interrupts_finish_start(void)
{
	interrupts_start_until(NW);
	CHECK_GOT_WIDE(NW, FFA_MSG_WAIT_32);
}

void interrupts_power_on(unsigned pe)
{
	power_on_begin(pe);
	interrupts_finish_start();
}

void interrupts_boot(unsigned pe_count)
{
	system_build(pe_count);
	for (unsigned i = 0; i < pe_count; i++) {
		interrupts_power_on(i);
	}
	on_pe(0);
}

/* ---- interrupts --------------------------------------------------------------------------------- */

uint32_t fetch(void)
{
	return (uint32_t)paravirt(INTERRUPT_GET, 0, 0, 0);
}

void take_interrupt(void)
{
	CHECK(host_interrupt_line(&this_pe()->arch) != ARCH_INTERRUPT_NONE);
	if (running() == NW && !this_pe()->errands) {
		CALL(NW, FFA_INTERRUPT_32);
	} else {
		irq(); /* of who is let in, if anybody */
	}
}

void interrupt_comes(uint32_t intid)
{
	host_interrupt_raise(intid);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), intid);
	take_interrupt();
}

void time_comes(uint64_t ns)
{
	host_time_advance(ns);
	CHECK_EQUAL(host_interrupt_line(&this_pe()->arch), ARCH_INTERRUPT_TIMER);
	take_interrupt();
}

void timer_comes(void)
{
	uint64_t at = host_timer_at(&this_pe()->arch), now = arch_counter();

	CHECK(at != ARCH_NEVER);
	time_comes(at > now ? at - now : 0);
}

bool irq_line(uint16_t id, unsigned pe)
{
	return context_of(id, pe)->arch.machine.irq_line;
}

bool fiq_line(uint16_t id, unsigned pe)
{
	return context_of(id, pe)->arch.machine.fiq_line;
}

bool is_active(uint32_t intid)
{
	return host_interrupt(&this_pe()->arch, intid).active;
}

bool is_masked(void)
{
	return this_pe()->arch.normal_world_masked;
}

unsigned sri_count(void)
{
	return this_pe()->arch.sri_count;
}

void check_told_of(uint16_t id, unsigned vcpu)
{
	CALL(NW, FFA_NOTIFICATION_INFO_GET_32);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, 1U << 7 | 1U << 12, (uint32_t)vcpu << 16 | id);
	check_nothing_told();
}

void check_nothing_told(void)
{
	CALL(NW, FFA_NOTIFICATION_INFO_GET_32);
	CHECK_REFUSED(NW, FFA_NO_DATA);
}

void run(uint16_t id)
{
	unsigned vcpu = context_of(id, this_pe()->index)->index;

	CALL(NW, FFA_RUN_32, FFA_TARGET(id, vcpu));
	CHECK_EQUAL(running(), id);
}

/* ---- fair play ---------------------------------------------------------------------------------- */

static void count(struct fetched *fetched, const struct exec_ctx *ctx, uint32_t intid)
{
	if (intid >= SPI_OF(SP1)) {
		CHECK_EQUAL(intid, SPI_OF(ctx->endpoint->id));
		fetched->of[ctx->endpoint->id - SP1]++;
	} else if (intid != VIRQ_NONE) {
		fetched->others++;
	}
}

static void answer(const struct exec_ctx *ctx)
{
	uint16_t id = ctx->endpoint->id;

	switch (ctx->request) {
	case REQUEST_POWER:
		CALL(id, RESP, FFA_ENDPOINTS(id, SPMC), FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP,
		     0);
		break;
	case REQUEST_DIRECT2:
		CALL_WIDE(id, FFA_MSG_SEND_DIRECT_RESP2_64, FFA_ENDPOINTS(id, ctx->requester));
		break;
	default:
		CALL(id, RESP, FFA_ENDPOINTS(id, ctx->requester));
		break;
	}
}

/** S-EL0 is entered with an ID that it then has: counted once, when it is dealt with. */
static void note_entry(struct fetched *fetched, const struct exec_ctx *ctx)
{
	if (is_s_el0(ctx) && ctx->model == MODEL_INTERRUPT && ctx->arch.x[0] == FFA_INTERRUPT_32) {
		count(fetched, ctx, (uint32_t)ctx->arch.x[2]);
	}
}

void play_fair(struct fetched *fetched)
{
	const struct exec_ctx *ctx = this_pe()->current;
	uint16_t id = ctx->endpoint->id;

	if (partition_state(ctx->partition) == PARTITION_ABORTED) {
		CALL(id, FFA_MSG_WAIT_32); /* whatever it does, it is over */
		return;
	}
	note_entry(fetched, ctx);
	if (!is_s_el0(ctx) && (ctx->arch.machine.irq_line || ctx->arch.machine.fiq_line)) {
		count(fetched, ctx, fetch());
		return;
	}
	switch (ctx->model) {
	case MODEL_DIRECT:
	case MODEL_POWER:
		answer(ctx);
		break;
	case MODEL_CALLER:
		CALL(id, FFA_RUN_32,
		     FFA_TARGET(ctx->interrupted->endpoint->id, ctx->interrupted->index));
		break;
	default:
		CALL(id, FFA_MSG_WAIT_32);
		break;
	}
}

/** True when the normal world has resumed somebody, or given cycles to who wants them. */
static bool resume_somebody(void)
{
	const struct spmc *spmc = the_spmc();

	for (unsigned i = 0; i < spmc->partition_count; i++) {
		struct partition *partition = &spmc->partitions[i];
		struct exec_ctx *ctx = partition_context(partition, this_pe()->index);
		enum ctx_state state = exec_ctx_state(ctx);
		bool wants = state == CTX_WAITING && virq_asserted(&ctx->virqs) != 0;

		if (partition_state(partition) != PARTITION_ABORTED &&
		    (state == CTX_PREEMPTED || state == CTX_YIELDED || wants)) {
			CALL(NW, FFA_RUN_32, FFA_TARGET(partition->endpoint.id, ctx->index));
			return true;
		}
	}
	return false;
}

void settle(struct fetched *fetched)
{
	bool turned = false, goes_off = this_pe()->duty == DUTY_STOP;

	for (unsigned i = 0; i < SETTLE_STEPS; i++) {
		if (goes_off && running() == NW && this_pe()->undelivered == 0) {
			pe_is_off();
			return;
		}
		if (host_interrupt_line(&this_pe()->arch) != ARCH_INTERRUPT_NONE) {
			take_interrupt();
			turned = false;
			continue;
		}
		if (this_pe()->errands && !turned) {
			turn();
			turned = true;
			continue;
		}
		if (running() != NW) {
			play_fair(fetched);
		} else if (!resume_somebody()) {
			return;
		}
		turned = false;
	}
	fail_msg("the PE does not come to rest");
}
