/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Schedule Receiver Interrupt (DEN0077A, "Notifications"): SGI 8 on the PE where something was signalled, at
 * once or when the secure world is left there, taken as the interrupt that it is; and what a scheduler does then.
 */
#include "normal-world/tests/messages.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define DESTROY(vm) FFA_NOTIFICATION_BITMAP_DESTROY_32, vm
#define GLOBAL 0U
#define DELAYED FFA_NOTIFICATION_DELAY_SRI
#define HOPS(a, b) ((uint64_t)(a) | (uint64_t)(b) << 16)

/** Nothing pends here, and what comes is SRI only. */
static void listen(void)
{
	gic_clear(pe_index(), INTID_SRI);
	gic_enable(INTID_SRI);
}

static void listen_no_more(void)
{
	gic_disable(INTID_SRI);
	gic_clear(pe_index(), INTID_SRI);
}

/** SRI pends on this PE alone; takes it. */
static void take_sri(void)
{
	uint32_t before = pe_self()->interrupts;

	for (unsigned pe = 0; pe < pe_count; pe++) {
		CHECK_EQ(gic_is_pending(pe, INTID_SRI), pe == pe_index());
	}
	interrupts_enable();
	interrupts_disable();
	CHECK_EQ(pe_self()->interrupts, before + 1);
	CHECK_EQ(pe_self()->last_interrupt, INTID_SRI);
	CHECK_EQ(gic_pending(), 1023);
}

static void check_no_sri(void)
{
	for (unsigned pe = 0; pe < pe_count; pe++) {
		CHECK(!gic_is_pending(pe, INTID_SRI));
	}
	CHECK_EQ(gic_pending(), 1023);
}

/** Prepares TEST_CALL of @id with FFA_NOTIFICATION_SET to @receiver. */
static void prepare_set(uint16_t id, uint16_t receiver, uint32_t flags, uint64_t ids)
{
	volatile struct test_area *area = area_of(id);

	area->call_conduit = subject_of(id)->el1 ? FFA_CONDUIT_SMC : FFA_CONDUIT_SVC;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = 0;
	}
	area->call_in[0] = (uint32_t)FFA_NOTIFICATION_SET_32;
	area->call_in[1] = FFA_ENDPOINTS(id, receiver);
	area->call_in[2] = flags;
	area->call_in[3] = (uint32_t)ids;
	area->call_in[4] = ids >> 32;
	area->call_out[0] = 0;
}

static void check_set(uint16_t id)
{
	CHECK_EQ(area_of(id)->call_out[0], (uint32_t)FFA_SUCCESS_32);
}

/* ---- at once, delayed ----------------------------------------------------------------------------------- */

/** SRI stops the sender like any other interrupt; FFA_RUN lets it go on, its call done. */
static void check_immediate(uint16_t id)
{
	struct ffa_regs regs;

	prepare_set(id, 1, GLOBAL, 1);
	regs = fixture_call(command_call(id, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(regs.x[1], HERE(id));
	CHECK_EQ(area_of(id)->call_out[0], 0);
	take_sri();
	CHECK_FETCHED(FFA(GET(1, 0, 1)), .from_partitions = 1);
	regs = FFA(FFA_RUN_32, HERE(id));
	CHECK(is_answer(&regs, id));
	check_set(id);
	check_no_sri();
}

/** The sender answers first. */
static void check_delayed(uint16_t id)
{
	struct ffa_regs regs;

	prepare_set(id, 1, DELAYED, 1);
	regs = fixture_call(command_call(id, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
	CHECK(is_answer(&regs, id));
	check_set(id);
	take_sri();
	CHECK_FETCHED(FFA(GET(1, 0, 1)), .from_partitions = 1);
}

static void check_senders_here(void *unused)
{
	listen();
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		CHECK_SUCCESS(FFA(BIND(notified[i], 1, GLOBAL, 1)));
		check_immediate(notified[i]);
		check_delayed(notified[i]);
		CHECK_SUCCESS(FFA(UNBIND(notified[i], 1, 1)));
	}
	listen_no_more();
}

MESSAGES_TEST(sri_comes_at_once_or_delayed_on_the_pe_of_the_sender_only)
{
	struct ffa_regs regs = FFA(FFA_FEATURES_32, FFA_FEATURE_SRI);

	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(regs.x[2], INTID_SRI);
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	on_each_pe(check_senders_here, NULL);
	CHECK_NO_NEWS();
	CHECK_SUCCESS(FFA(DESTROY(1)));
}

static void check_vm_here(void *unused)
{
	listen();
	check_no_sri();
	CHECK_SUCCESS(FFA(SET(1, M_MP, GLOBAL, 1)));
	take_sri();
	CHECK_FETCHED(BY(M_MP, GET(M_MP, 0, FFA_NOTIFICATION_FROM_VMS)), .from_vms = 1);
	/* Refused ones do not make it. */
	CHECK_ERROR(FFA(SET(2, M_MP, GLOBAL, 1)), FFA_DENIED);
	check_no_sri();
	listen_no_more();
}

MESSAGES_TEST(sri_comes_at_once_when_a_vm_signals)
{
	CHECK_SUCCESS(BY(M_MP, BIND(1, M_MP, GLOBAL, 1)));
	on_each_pe(check_vm_here, NULL);
	CHECK_SUCCESS(BY(M_MP, UNBIND(1, M_MP, 1)));
}

MESSAGES_TEST(a_delayed_sri_waits_until_the_secure_world_is_left)
{
	static const uint64_t hops = HOPS(M_MP, M_UP11);
	struct ffa_regs regs;

	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_SUCCESS(FFA(BIND(M_UP11, 1, GLOBAL, 1)));
	listen();

	/* M_UP13 asks M_MP, which asks M_UP11, which signals: both of them answer before it comes. */
	prepare_set(M_UP11, 1, DELAYED, 1);
	regs = fixture_call(command_call(M_UP13, TEST_FORWARD, hops, TEST_CALL, 0, 0), __FILE__,
			    __LINE__);
	CHECK(is_answer(&regs, M_UP13));
	CHECK_EQ(regs.x[3], TEST_DONE);
	CHECK_EQ(regs.x[7], 0); /* nobody had to be resumed */
	check_set(M_UP11);
	take_sri();

	/* At once: it unwinds the whole chain. */
	CHECK_FETCHED(FFA(GET(1, 0, 1)), .from_partitions = 1);
	prepare_set(M_UP11, 1, GLOBAL, 1);
	regs = fixture_call(command_call(M_UP13, TEST_FORWARD, hops, TEST_CALL, 0, 0), __FILE__,
			    __LINE__);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(regs.x[1], HERE(M_UP13));
	take_sri();
	regs = FFA(FFA_RUN_32, HERE(M_UP13));
	CHECK(is_answer(&regs, M_UP13));
	check_set(M_UP11);

	CHECK_FETCHED(FFA(GET(1, 0, 1)), .from_partitions = 1);
	listen_no_more();
	CHECK_SUCCESS(FFA(DESTROY(1)));
}

MESSAGES_TEST(a_delayed_sri_comes_however_the_secure_world_is_left)
{
	volatile struct test_area *area = area_of(M_EL0);
	struct ffa_regs regs;

	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_SUCCESS(FFA(BIND(M_EL0, 1, GLOBAL, 1)));
	CHECK_SUCCESS(FFA(BIND(M_MP, 1, GLOBAL, 2)));
	listen();

	/* By FFA_MSG_WAIT. */
	prepare_set(M_EL0, 1, DELAYED, 1);
	run_with(M_EL0, TEST_CALL, 0, 0, 0, 0);
	check_set(M_EL0);
	take_sri();

	/* While another partition rests preempted, which was nobody's doing. */
	prepare_set(M_MP, 1, DELAYED, 2);
	area->stop = 0;
	timer_start(2000);
	regs = fixture_call(command_call(M_EL0, TEST_SPIN, 4096, 0, 0, 0), __FILE__, __LINE__);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
	interrupts_enable();
	interrupts_disable();
	CHECK_EQ(pe_self()->last_interrupt, INTID_TIMER);
	regs = fixture_call(command_call(M_MP, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
	CHECK(is_answer(&regs, M_MP));
	take_sri();
	area->stop = 1;
	regs = FFA(FFA_RUN_32, HERE(M_EL0));
	CHECK(is_answer(&regs, M_EL0));
	check_no_sri();

	CHECK_FETCHED(FFA(GET(1, 0, 1)), .from_partitions = 3);
	listen_no_more();
	CHECK_SUCCESS(FFA(DESTROY(1)));
}

static void set_delayed_here(void *unused)
{
	listen();
	prepare_set(M_MP, 1, DELAYED, 1);
	(void)COMMAND(M_MP, TEST_CALL, 0, 0, 0, 0);
	take_sri();
	listen_no_more();
}

MESSAGES_TEST_MP(sri_comes_on_a_pe_that_was_off)
{
	CHECK_SUCCESS(FFA(CREATE(1, 1)));
	CHECK_SUCCESS(FFA(BIND(M_MP, 1, GLOBAL, 1)));
	for (unsigned round = 0; round < 3; round++) {
		CHECK_EQ(pe_stop(1), 0);
		CHECK_EQ(pe_start(1), 0);
		on_pe(1, set_delayed_here, NULL);
	}
	CHECK_FETCHED(FFA(GET(1, 0, 1)), .from_partitions = 1);
	CHECK_SUCCESS(FFA(DESTROY(1)));
}

/** Prepares TEST_CALL of @letter's sender with FFA_MSG_SEND2; its flags say when SRI is to come. */
static void prepare_send(const struct letter *letter)
{
	volatile struct test_area *area = area_of(letter->from);

	write_letter(letter);
	prepare_set(letter->from, 0, letter->flags, 0);
	area->call_in[0] = (uint32_t)FFA_MSG_SEND2_32;
	area->call_in[1] = 0;
}

static void check_messages_here(void *unused)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		uint16_t from = notified[i];
		struct letter letter = { .from = from, .to = i == 0 ? M_UP11 : M_MP, .size = 20 };
		struct ffa_regs regs;

		prepare_send(&letter);
		listen();
		regs = fixture_call(command_call(from, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
		CHECK_EQ(regs.x[0], (uint32_t)FFA_INTERRUPT_32);
		take_sri();
		NEWS_OF(letter.to);
		regs = FFA(FFA_RUN_32, HERE(from));
		CHECK(is_answer(&regs, from));
		check_set(from);
		check_no_sri();
		take_letter(&letter, 1);

		letter.flags = DELAYED;
		prepare_send(&letter);
		regs = fixture_call(command_call(from, TEST_CALL, 0, 0, 0, 0), __FILE__, __LINE__);
		CHECK(is_answer(&regs, from));
		check_set(from);
		take_sri();
		NEWS_OF(letter.to);
		listen_no_more();
		take_letter(&letter, 1);
	}
}

MESSAGES_TEST(sri_comes_at_once_or_delayed_for_messages_on_every_pe)
{
	map_all(notified, NOTIFIED_COUNT);
	on_each_pe(check_messages_here, NULL);
	unmap_all(notified, NOTIFIED_COUNT);
}

/* ---- a scheduler ---------------------------------------------------------------------------------------- */

/** What an operating system does: asks who is to run, and gives each of them cycles. */
static unsigned schedule_receivers(void)
{
	struct ffa_regs regs;
	unsigned ran = 0;

	do {
		unsigned lists, at = 0;

		regs = FFA(FFA_NOTIFICATION_INFO_GET_64);
		if (regs.x[0] != (uint32_t)FFA_SUCCESS_64) {
			CHECK_ERROR(regs, FFA_NO_DATA);
			return ran;
		}
		lists = regs.x[2] >> 7 & 0x1F;
		for (unsigned list = 0; list < lists; list++) {
			unsigned vcpus = regs.x[2] >> (12 + 2 * list) & 3;
			uint16_t id = (uint16_t)(regs.x[3 + at / 4] >> at % 4 * 16);

			at += 1 + vcpus;
			run_with(id, TEST_CALL, 0, 0, 0, 0);
			ran++;
		}
	} while ((regs.x[2] & 1) != 0);
	return ran;
}

/** Prepares each of them to fetch when it runs. */
static void prepare_get(uint16_t id)
{
	volatile struct test_area *area = area_of(id);

	prepare_set(id, 0, 0, 0);
	area->call_in[0] = (uint32_t)FFA_NOTIFICATION_GET_32;
	area->call_in[1] = id;
	area->call_in[2] = FFA_NOTIFICATION_ALL;
	area->call_in[3] = 0;
}

static void schedule_here(void *unused)
{
	listen();
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		CHECK_SUCCESS(FFA(SET(1, notified[i], GLOBAL, BIT64(i))));
		prepare_get(notified[i]);
	}
	take_sri();
	CHECK_EQ(schedule_receivers(), NOTIFIED_COUNT);
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		volatile struct test_area *area = area_of(notified[i]);

		CHECK_EQ(area->call_out[0], (uint32_t)FFA_SUCCESS_32);
		CHECK_EQ(area->call_out[4], BIT64(i));
	}
	check_no_sri();
	listen_no_more();
}

MESSAGES_TEST(a_scheduler_that_sri_woke_runs_every_receiver_on_every_pe)
{
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		CHECK_SUCCESS(BY(notified[i], BIND(1, notified[i], GLOBAL, BIT64(i))));
	}
	on_each_pe(schedule_here, NULL);
	for (unsigned i = 0; i < NOTIFIED_COUNT; i++) {
		CHECK_SUCCESS(BY(notified[i], UNBIND(1, notified[i], BIT64(i))));
	}
}

static void run_own_vcpu(void *unused)
{
	volatile struct test_area *area = area_of(M_MP);

	prepare_get(M_MP);
	area->call_in[1] |= (uint64_t)pe_index() << 16;
	run_with(M_MP, TEST_CALL, 0, 0, 0, 0);
	CHECK_EQ(area->call_out[0], (uint32_t)FFA_SUCCESS_32);
	CHECK_EQ(area->call_out[4], BIT64(pe_index()));
}

MESSAGES_TEST(a_scheduler_runs_each_vcpu_that_has_news_on_its_pe)
{
	unsigned told = 0;
	struct ffa_regs regs;

	CHECK_SUCCESS(BY(M_MP, BIND(1, M_MP, FFA_NOTIFICATION_PER_VCPU, 0xFF)));
	for (unsigned pe = 0; pe < pe_count; pe++) {
		CHECK_SUCCESS(FFA(SET(1, M_MP, SET_ON(pe), BIT64(pe))));
	}
	regs = FFA(FFA_NOTIFICATION_INFO_GET_64);
	CHECK_EQ(regs.x[0], (uint32_t)FFA_SUCCESS_64);
	CHECK_EQ(regs.x[2] & 1, 0);
	for (unsigned list = 0, at = 0; list < (regs.x[2] >> 7 & 0x1F); list++) {
		unsigned vcpus = regs.x[2] >> (12 + 2 * list) & 3;

		CHECK_EQ((uint16_t)(regs.x[3 + at / 4] >> at % 4 * 16), M_MP);
		at++;
		for (unsigned i = 0; i < vcpus; i++, at++) {
			on_pe((uint16_t)(regs.x[3 + at / 4] >> at % 4 * 16), run_own_vcpu, NULL);
			told++;
		}
	}
	CHECK_EQ(told, pe_count);
	CHECK_SUCCESS(BY(M_MP, UNBIND(1, M_MP, 0xFF)));
}
