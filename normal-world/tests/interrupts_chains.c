/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Secure interrupts of partitions that wait for others (MODEL_CALLER of ffa/interrupt.c), and what partitions do
 * while they handle one. Taken on PE 0, made by PE 1, unless a test says otherwise.
 */
#include "normal-world/tests/interrupts.h"

#define HOPS(a, b) ((uint64_t)(a) | (uint64_t)(b) << 16)

static const struct {
	uint16_t id;
	uint32_t line;
} callers[] = {
	{ I_MP, MP_LINE },     { I_UP, UP_LINE },
	{ I_EXIT, EXIT_LINE }, { I_EXIT_IRQ, EXIT_IRQ_LINE },
	{ I_SRI, SRI_LINE },
};
#define CALLERS (sizeof(callers) / sizeof(callers[0]))

static struct ffa_regs forward(uint16_t first, uint64_t hops, uint64_t command, uint64_t a,
			       uint64_t b)
{
	return fixture_call(command_call(first, TEST_FORWARD, hops, command, a, b), __FILE__,
			    __LINE__);
}

/** The first thing @id got for its request was this. */
static void check_forward_saw(uint16_t id, uint32_t function, uint64_t w1)
{
	volatile struct test_area *area = area_of(id);

	CHECK_EQ(area->forward[0], function);
	CHECK_EQ(area->forward[1], w1);
	for (unsigned i = 2; i < 8 && function == (uint32_t)FFA_INTERRUPT_32; i++) {
		CHECK_EQ(area->forward[i], 0);
	}
}

static void check_taken_out_once(uint16_t id, uint32_t line)
{
	check_forward_saw(id, (uint32_t)FFA_INTERRUPT_32, 0);
	CHECK_SEEN(id, line, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(id)->interrupts, 0);
}

static void take_out_of_call(uint16_t caller, uint32_t line, uint16_t callee)
{
	struct visit what = { .spins = callee, .line = line, .silent = true };
	struct ffa_regs regs;

	interrupts_forget();
	begin_visit(&what);
	regs = forward(caller, callee, TEST_KEEP, 0x3A3A + caller, TEST_PAUSE_SPIN);
	wait_for_pe(1);
	CHECK(is_result(&regs, caller, TEST_DONE));
	CHECK_EQ(regs.x[4], 0); /* the callee's registers */
	CHECK_EQ(regs.x[7], 1); /* resumed once */
	check_taken_out_once(caller, line);
	CHECK_EQ(area_of(caller)->forward_denied, 0);
}

INTERRUPTS_TEST_MP(a_partition_is_taken_out_of_its_call_and_goes_on_with_it)
{
	static const uint16_t callees[] = { I_MP, I_UP, I_EL0, I_EXIT, I_HAND };

	for (unsigned i = 0; i < CALLERS; i++) {
		for (unsigned n = 0; n < 5; n++) {
			if (callers[i].id != callees[n]) {
				take_out_of_call(callers[i].id, callers[i].line, callees[n]);
			}
		}
	}
}

INTERRUPTS_TEST_MP(a_partition_goes_on_with_its_call_only_after_it_has_taken_what_pends)
{
	for (unsigned i = 0; i < CALLERS; i++) {
		uint16_t id = callers[i].id;
		struct visit what = { .spins = I_EL0, .line = callers[i].line };
		struct ffa_regs regs;

		(void)COMMAND(id, TEST_VIRQS, 0, 0, 0, 0);
		begin_visit(&what);
		regs = forward(id, I_EL0, TEST_SPIN, LONG_ENOUGH, 0);
		wait_for_pe(1);
		CHECK(is_result(&regs, id, TEST_DONE));
		CHECK_EQ(regs.x[7], 1);
		check_forward_saw(id, (uint32_t)FFA_INTERRUPT_32, 0);
		CHECK_EQ(area_of(id)->forward_denied, 1);
		CHECK_SEEN(id, callers[i].line, 1, TEST_HOW_IRQ);
	}
}

INTERRUPTS_TEST_MP(the_first_of_a_chain_of_three_goes_on_with_the_last)
{
	struct visit what = { .spins = I_EL0, .line = MP_LINE };
	struct ffa_regs regs;

	begin_visit(&what);
	regs = forward(I_MP, HOPS(I_UP, I_EL0), TEST_SPIN, LONG_ENOUGH, 0);
	wait_for_pe(1);
	CHECK(is_result(&regs, I_MP, TEST_DONE));
	CHECK_EQ(regs.x[7], 1);
	check_taken_out_once(I_MP, MP_LINE);
	check_forward_saw(I_UP, (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64, FFA_ENDPOINTS(I_EL0, I_UP));
}

INTERRUPTS_TEST_MP(two_of_a_chain_of_three_are_taken_out_one_after_the_other)
{
	struct visit what = { .spins = I_EL0, .line = MP_LINE, .second = UP_LINE };
	struct ffa_regs regs;

	begin_visit(&what);
	regs = forward(I_MP, HOPS(I_UP, I_EL0), TEST_SPIN, LONG_ENOUGH, 0);
	wait_for_pe(1);
	CHECK(is_result(&regs, I_MP, TEST_DONE));
	check_taken_out_once(I_MP, MP_LINE);
	check_taken_out_once(I_UP, UP_LINE);
}

INTERRUPTS_TEST_MP(an_s_el0_partition_that_waits_for_another_is_told_when_it_answers)
{
	struct visit what = { .spins = I_UP, .line = EL0_LINE };
	struct ffa_regs regs;

	begin_visit(&what);
	regs = forward(I_EL0, I_UP, TEST_SPIN, LONG_ENOUGH, 0);
	wait_for_pe(1);
	CHECK(is_result(&regs, I_EL0, TEST_DONE));
	CHECK_EQ(regs.x[7], 0);
	CHECK_SEEN(I_EL0, EL0_LINE, 1, TEST_HOW_CALL);
	CHECK_ENTERED(I_EL0, 1, EL0_LINE);
}

/** Its own are queued too while others run for it. */
INTERRUPTS_TEST_MP(a_partition_that_queues_interrupts_takes_its_own_when_its_call_is_done)
{
	struct visit what = { .spins = I_UP, .line = QUEUE_LINE };
	struct ffa_regs regs;

	begin_visit(&what);
	regs = forward(I_QUEUE, I_UP, TEST_SPIN, LONG_ENOUGH, 0);
	wait_for_pe(1);
	CHECK(is_result(&regs, I_QUEUE, TEST_DONE));
	CHECK_EQ(regs.x[7], 0);
	CHECK_SEEN(I_QUEUE, QUEUE_LINE, 1, TEST_HOW_IRQ);
	CHECK_EQ(area_of(I_QUEUE)->interrupts, 0);
}

static void forward_there(void *unused)
{
	struct ffa_regs regs = forward(I_UP, I_EL0, TEST_SPIN, LONG_ENOUGH, 0);

	CHECK(is_result(&regs, I_UP, TEST_DONE));
	CHECK_EQ(regs.x[7], 1);
	check_taken_out_once(I_UP, UP_LINE);
}

INTERRUPTS_TEST_MP(a_single_context_that_waits_on_another_pe_is_taken_out_there)
{
	pe_post(1, forward_there, NULL);
	wait_until_spinning(I_EL0, 1);
	pend(UP_LINE, 0);
	wait_until_seen(I_UP, 1, UP_LINE, 1);
	area_of(I_EL0)->stop = 1;
	wait_for_pe(1);
}

/* ---- while an interrupt is handled ------------------------------------------------------------------ */

INTERRUPTS_TEST_MP(a_caller_is_taken_out_after_who_is_handling_an_interrupt)
{
	struct visit what = {
		.spins = I_EL0, .line = UP_LINE, .second = MP_LINE, .first_of = I_UP
	};
	struct ffa_regs regs;

	area_of(I_UP)->irq.action = TEST_ON_SPIN;
	area_of(I_UP)->irq.spin = SOON / 2;
	begin_visit(&what);
	regs = forward(I_MP, I_EL0, TEST_SPIN, LONG_ENOUGH, 0);
	wait_for_pe(1);
	CHECK(is_result(&regs, I_MP, TEST_DONE));
	CHECK_ENTERED(I_UP, 1, UP_LINE);
	check_taken_out_once(I_MP, MP_LINE);
	CHECK(seen_on(I_MP, 0, MP_LINE)->at - seen_on(I_UP, 0, UP_LINE)->at >=
	      READ_SYSREG(cntfrq_el0) / 1000000 * (SOON / 2));
}

/** @id makes this call when it handles its next interrupt. */
static volatile struct test_area *prepare_call(uint16_t id, struct ffa_regs regs)
{
	volatile struct test_area *area = area_of(id);

	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = i < 18 ? regs.x[i] : 0;
		area->call_out[i] = 0;
	}
	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	area->irq.action = TEST_ON_CALL;
	return area;
}

static struct ffa_regs echo(uint16_t from, uint16_t to)
{
	return (struct ffa_regs){ { (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64, FFA_ENDPOINTS(from, to),
				    0, TEST_ECHO, from, 2, 3, 4 } };
}

static void handle_with(uint16_t id, uint32_t line)
{
	uint64_t before = times_seen(id, line);

	pend_from(1, line, 0);
	wait_until_seen(id, 0, line, before + 1);
	wait_for_pe(1);
}

INTERRUPTS_TEST_MP(a_partition_that_handles_an_interrupt_may_ask_others)
{
	static const uint16_t callees[] = { I_HAND, I_UP, I_EL0, I_EXIT_IRQ, I_QUEUE };

	for (unsigned i = 0; i < 5; i++) {
		volatile struct test_area *area = prepare_call(I_MP, echo(I_MP, callees[i]));

		handle_with(I_MP, MP_LINE);
		CHECK_EQ(area->call_out[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64);
		CHECK_EQ(area->call_out[1], FFA_ENDPOINTS(callees[i], I_MP));
		CHECK_EQ(area->call_out[3], TEST_DONE);
		CHECK_EQ(area->call_out[4], ~(uint64_t)I_MP);
		area = prepare_call(I_EL0, echo(I_EL0, I_MP));
		handle_with(I_EL0, EL0_LINE);
		CHECK_EQ(area->call_out[0], (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64);
		CHECK_EQ(area->call_out[4], ~(uint64_t)I_EL0);
		area->irq.action = 0;
		area_of(I_MP)->irq.action = 0;
	}
}

static void check_refused(uint16_t id, uint32_t line, struct ffa_regs call, enum ffa_status status)
{
	volatile struct test_area *area = prepare_call(id, call);

	handle_with(id, line);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ((uint32_t)area->call_out[2], (uint32_t)status);
	area->irq.action = 0;
}

INTERRUPTS_TEST_MP(a_partition_that_handles_an_interrupt_may_not_answer_or_run_others)
{
	struct ffa_regs respond = { { (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64,
				      FFA_ENDPOINTS(I_MP, 0) } };
	struct ffa_regs run = { { (uint32_t)FFA_RUN_32, FFA_TARGET(I_UP, 0) } };
	volatile struct test_area *area;

	check_refused(I_MP, MP_LINE, respond, FFA_DENIED);
	check_refused(I_MP, MP_LINE, run, FFA_DENIED);
	area = prepare_call(I_MP, (struct ffa_regs){ { (uint32_t)FFA_YIELD_32 } });
	handle_with(I_MP, MP_LINE);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_SUCCESS_32);
}

INTERRUPTS_TEST_MP(a_busy_partition_is_busy_for_who_handles_an_interrupt)
{
	volatile struct test_area *area = prepare_call(I_MP, echo(I_MP, I_UP));
	struct visit what = { .spins = I_UP, .line = MP_LINE };

	spin_through(&what);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_ERROR_32);
	CHECK_EQ((uint32_t)area->call_out[2], (uint32_t)FFA_BUSY);
	CHECK_ENTERED(I_MP, 1, MP_LINE);
}

INTERRUPTS_TEST_MP(non_secure_interrupts_wait_until_an_interrupt_is_handled)
{
	uint64_t start;

	area_of(I_MP)->irq.action = TEST_ON_SPIN;
	area_of(I_MP)->irq.spin = 5 * SOON;
	(void)COMMAND(I_MP, TEST_TIMER, 0, SOON, 1, 0);
	start = time_now();
	timer_start(2 * SOON);
	while (gic_pending() != INTID_TIMER && time_now() - start < 1000000) {
		/* comes */
	}
	CHECK(time_now() - start >= 5 * SOON);
	take_interrupt(INTID_TIMER);
	CHECK_ENTERED(I_MP, 1, PARAVIRT_TIMER);
}
