/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_NOTIFICATION_INFO_GET (DEN0077A, "Notifications"; encodings of the reference 11.6): what the scheduler is
 * told, in both widths, in lists, and that there is more.
 */
#include "normal-world/tests/messages.h"

#include "lib/string.h"

#define CREATE(vm, vcpus) FFA_NOTIFICATION_BITMAP_CREATE_32, vm, vcpus
#define DESTROY(vm) FFA_NOTIFICATION_BITMAP_DESTROY_32, vm
#define GLOBAL 0U
#define PER_VCPU FFA_NOTIFICATION_PER_VCPU

/* ---- what a call came back with, taken apart ------------------------------------------------------------ */

struct news {
	bool more;
	unsigned lists, ids;
	unsigned global[VMS + 1]; /* lists of each VM without vCPUs */
	unsigned vcpus[VMS + 1][64]; /* how often each vCPU was told */
};

static uint16_t id_at(const struct ffa_regs *regs, unsigned i)
{
	return regs->x[0] == (uint32_t)FFA_SUCCESS_64
		       ? (uint16_t)(regs->x[3 + i / 4] >> i % 4 * 16)
		       : (uint16_t)(regs->x[3 + i / 2] >> i % 2 * 16);
}

/** @value, which must be below @limit. */
static unsigned below(uint16_t value, unsigned limit)
{
	CHECK(value < limit);
	return value;
}

/** Adds what @regs tells of VMs to @news; everything in it must be as the encoding wants it. */
static void read_news(const struct ffa_regs *regs, struct news *news)
{
	bool wide = regs->x[0] == (uint32_t)FFA_SUCCESS_64;
	unsigned lists = regs->x[2] >> 7 & 0x1F;
	unsigned most = wide ? 20 : 10;
	unsigned at = 0;

	CHECK_EQ(regs->x[1], 0);
	CHECK_EQ(regs->x[2] & 0x7E, 0);
	CHECK(lists > 0 && lists <= most);
	CHECK_EQ(regs->x[2] >> (12 + 2 * lists), 0);
	for (unsigned list = 0; list < lists; list++) {
		unsigned count = regs->x[2] >> (12 + 2 * list) & 3;
		unsigned vm = below(id_at(regs, at++), VMS + 1);

		news->global[vm] += count == 0;
		for (unsigned i = 0; i < count; i++) {
			news->vcpus[vm][below(id_at(regs, at++), 64)]++;
		}
	}
	CHECK(at <= most);
	for (unsigned i = at; i < most; i++) {
		CHECK_EQ(id_at(regs, i), 0);
	}
	for (unsigned i = 3; !wide && i < 8; i++) {
		CHECK_EQ(regs->x[i] >> 32, 0);
	}
	news->more = (regs->x[2] & 1) != 0;
	news->lists += lists;
	news->ids += at;
}

static struct ffa_regs ask(bool wide)
{
	struct ffa_regs regs = wide ? FFA(FFA_NOTIFICATION_INFO_GET_64)
				    : FFA(FFA_NOTIFICATION_INFO_GET_32);

	CHECK_EQ(regs.x[0], wide ? (uint32_t)FFA_SUCCESS_64 : (uint32_t)FFA_SUCCESS_32);
	return regs;
}

/** Asks until there is no more; returns how many calls that took. */
static unsigned ask_all(bool wide, struct news *news)
{
	unsigned calls = 0;

	memset(news, 0, sizeof(*news));
	do {
		struct ffa_regs regs = ask(wide);

		read_news(&regs, news);
		calls++;
	} while (news->more);
	CHECK_NO_NEWS();
	return calls;
}

/* ---- one receiver --------------------------------------------------------------------------------------- */

MESSAGES_TEST(news_are_told_once_until_something_new_pends)
{
	CHECK_NO_NEWS();
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_32), FFA_NO_DATA);
	CHECK_SUCCESS(BY(M_EL0, BIND(M_MP, M_EL0, GLOBAL, 3)));
	CHECK_NO_NEWS();
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_EL0, GLOBAL, 1)));
	NEWS_OF(M_EL0);
	CHECK_NO_NEWS();
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_EL0, GLOBAL, 1)));
	CHECK_NO_NEWS();
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_EL0, GLOBAL, 2)));
	NEWS_OF(M_EL0);
	CHECK_FETCHED(BY(M_EL0, GET(M_EL0, 0, 1)), .from_partitions = 3);
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_EL0, GLOBAL, 1)));
	NEWS_OF(M_EL0);
	CHECK_FETCHED(BY(M_EL0, GET(M_EL0, 0, 1)), .from_partitions = 1);
	/* What was fetched before anybody asked is no news. */
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_EL0, GLOBAL, 1)));
	CHECK_FETCHED(BY(M_EL0, GET(M_EL0, 0, 1)), .from_partitions = 1);
	CHECK_NO_NEWS();
	CHECK_SUCCESS(BY(M_EL0, UNBIND(M_MP, M_EL0, 3)));
}

/** Global for M_UP11, vCPUs 0, 2, 3 and 5 of M_MP11, vCPU 1 of VM 1. */
static void signal_example(void)
{
	static const unsigned vcpus[] = { 5, 0, 3, 2 };

	CHECK_SUCCESS(BY(M_MP, SET(M_MP, 1, SET_ON(1), 1)));
	for (unsigned i = 0; i < 4; i++) {
		CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_MP11, SET_ON(vcpus[i]), 1)));
	}
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_UP11, GLOBAL, 1)));
}

static void fetch_example(void)
{
	static const unsigned vcpus[] = { 0, 2, 3, 5 };

	CHECK_FETCHED(FFA(GET(1, 1, 1)), .from_partitions = 1);
	for (unsigned i = 0; i < 4; i++) {
		CHECK_FETCHED(BY(M_MP11, GET(M_MP11, vcpus[i], 1)), .from_partitions = 1);
	}
	CHECK_FETCHED(BY(M_UP11, GET(M_UP11, 0, 1)), .from_partitions = 1);
}

MESSAGES_TEST(the_example_of_the_specification_is_encoded_as_it_says)
{
	struct ffa_regs regs;

	CHECK_SUCCESS(FFA(CREATE(1, 2)));
	CHECK_SUCCESS(FFA(BIND(M_MP, 1, PER_VCPU, 1)));
	CHECK_SUCCESS(BY(M_MP11, BIND(M_MP, M_MP11, PER_VCPU, 1)));
	CHECK_SUCCESS(BY(M_UP11, BIND(M_MP, M_UP11, GLOBAL, 1)));

	signal_example();
	regs = ask(true);
	CHECK_EQ(regs.x[2], 0x5C200);
	CHECK_EQ(regs.x[3], 0x0002000080068002ULL);
	CHECK_EQ(regs.x[4], 0x0001000580060003ULL);
	CHECK_EQ(regs.x[5], 0x1);
	fixture_check_zero(&regs, 6, __FILE__, __LINE__);
	fetch_example();

	signal_example();
	regs = ask(false);
	CHECK_EQ(regs.x[2], 0x5C200);
	CHECK_EQ(regs.x[3], 0x80068002);
	CHECK_EQ(regs.x[4], 0x00020000);
	CHECK_EQ(regs.x[5], 0x80060003);
	CHECK_EQ(regs.x[6], 0x00010005);
	CHECK_EQ(regs.x[7], 0x1);
	fetch_example();

	CHECK_NO_NEWS();
	CHECK_SUCCESS(FFA(DESTROY(1)));
	CHECK_SUCCESS(BY(M_MP11, UNBIND(M_MP, M_MP11, 1)));
	CHECK_SUCCESS(BY(M_UP11, UNBIND(M_MP, M_UP11, 1)));
}

MESSAGES_TEST(global_news_and_those_of_vcpus_share_a_list)
{
	struct ffa_regs regs;

	CHECK_SUCCESS(BY(M_MP11, BIND(M_MP, M_MP11, PER_VCPU, 1)));
	CHECK_SUCCESS(BY(M_MP11, BIND(M_MP, M_MP11, GLOBAL, 2)));
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_MP11, SET_ON(6), 1)));
	CHECK_SUCCESS(BY(M_MP, SET(M_MP, M_MP11, GLOBAL, 2)));
	regs = ask(true);
	/* One list of one vCPU, or one without and one with it. */
	if (regs.x[2] == (1U << 7 | 1U << 12)) {
		CHECK_EQ(regs.x[3], 0x00068006);
	} else {
		CHECK_EQ(regs.x[2], 2U << 7 | 1U << 14);
		CHECK_EQ(regs.x[3], 0x000680068006ULL);
	}
	CHECK_FETCHED(BY(M_MP11, GET(M_MP11, 6, 1)), .from_partitions = 3);
	CHECK_SUCCESS(BY(M_MP11, UNBIND(M_MP, M_MP11, 3)));
}

/* ---- many receivers ------------------------------------------------------------------------------------- */

static void create_vms(unsigned vcpus, uint32_t kind)
{
	for (unsigned vm = 1; vm <= VMS; vm++) {
		CHECK_SUCCESS(FFA(CREATE(vm, vcpus)));
		CHECK_SUCCESS(FFA(BIND(M_MP, vm, kind, 1)));
	}
}

static void destroy_vms(void)
{
	for (unsigned vm = 1; vm <= VMS; vm++) {
		CHECK_SUCCESS(FFA(DESTROY(vm)));
	}
}

/** Signals all, asks for all, fetches all. */
static void tell_all(bool wide, unsigned calls)
{
	static struct news news;

	for (unsigned vm = 1; vm <= VMS; vm++) {
		CHECK_SUCCESS(BY(M_MP, SET(M_MP, vm, FFA_NOTIFICATION_DELAY_SRI, 1)));
	}
	CHECK_EQ(ask_all(wide, &news), calls);
	CHECK_EQ(news.lists, VMS);
	CHECK_EQ(news.ids, VMS);
	for (unsigned vm = 1; vm <= VMS; vm++) {
		CHECK_EQ(news.global[vm], 1);
		CHECK_FETCHED(FFA(GET(vm, 0, 1)), .from_partitions = 1);
	}
}

MESSAGES_TEST(sixty_four_vms_with_news_are_told_in_as_many_calls_as_the_registers_need)
{
	create_vms(1, GLOBAL);
	tell_all(true, (VMS + 19) / 20);
	tell_all(false, (VMS + 9) / 10);
	tell_all(true, (VMS + 19) / 20);
	destroy_vms();
}

MESSAGES_TEST(sixty_four_vcpus_of_one_vm_are_each_told_once)
{
	static struct news news;

	for (unsigned wide = 0; wide < 2; wide++) {
		CHECK_SUCCESS(FFA(CREATE(1, 64)));
		CHECK_SUCCESS(FFA(BIND(M_MP, 1, PER_VCPU, 1)));
		for (unsigned vcpu = 0; vcpu < 64; vcpu++) {
			CHECK_SUCCESS(BY(M_MP, SET(M_MP, 1, SET_ON(vcpu), 1)));
		}
		/* Four IDs tell of three vCPUs. */
		CHECK(ask_all(wide != 0, &news) <= 64U / (wide != 0 ? 15U : 7U) + 1);
		CHECK_EQ(news.global[1], 0);
		for (unsigned vcpu = 0; vcpu < 64; vcpu++) {
			CHECK_EQ(news.vcpus[1][vcpu], 1);
			CHECK_FETCHED(FFA(GET(1, vcpu, 1)), .from_partitions = 1);
		}
		CHECK_SUCCESS(FFA(DESTROY(1)));
	}
}

MESSAGES_TEST(vcpus_of_sixty_four_vms_are_each_told_once)
{
	static struct news news;

	create_vms(4, PER_VCPU);
	for (unsigned vm = 1; vm <= VMS; vm++) {
		for (unsigned vcpu = 0; vcpu < vm % 5; vcpu++) {
			CHECK_SUCCESS(BY(M_MP, SET(M_MP, vm, SET_ON(vcpu), 1)));
		}
	}
	(void)ask_all(true, &news);
	for (unsigned vm = 1; vm <= VMS; vm++) {
		CHECK_EQ(news.global[vm], 0);
		for (unsigned vcpu = 0; vcpu < 4; vcpu++) {
			bool told = vcpu < vm % 5;

			CHECK_EQ(news.vcpus[vm][vcpu], told);
			CHECK_FETCHED(FFA(GET(vm, vcpu, 1)), .from_partitions = told);
		}
	}
	destroy_vms();
}

static void ask_here(void *argument)
{
	unsigned *told = argument;
	struct ffa_regs regs = FFA(FFA_NOTIFICATION_INFO_GET_64);

	while (regs.x[0] == (uint32_t)FFA_SUCCESS_64) {
		unsigned lists = regs.x[2] >> 7 & 0x1F;

		for (unsigned i = 0; i < lists; i++) {
			__atomic_fetch_add(&told[id_at(&regs, i)], 1, __ATOMIC_RELAXED);
		}
		regs = FFA(FFA_NOTIFICATION_INFO_GET_64);
	}
	CHECK_ERROR(regs, FFA_NO_DATA);
}

MESSAGES_TEST_MP(all_pes_that_ask_at_once_are_told_of_each_vm_once_together)
{
	static unsigned told[VMS + 1];

	create_vms(1, GLOBAL);
	for (unsigned round = 0; round < 20; round++) {
		memset(told, 0, sizeof(told));
		for (unsigned vm = 1; vm <= VMS; vm++) {
			CHECK_SUCCESS(BY(M_MP, SET(M_MP, vm, FFA_NOTIFICATION_DELAY_SRI, 1)));
		}
		on_all_pes(ask_here, told);
		for (unsigned vm = 1; vm <= VMS; vm++) {
			CHECK_EQ(told[vm], 1);
			CHECK_FETCHED(FFA(GET(vm, 0, 1)), .from_partitions = 1);
		}
	}
	destroy_vms();
}
