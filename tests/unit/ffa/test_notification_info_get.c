/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_NOTIFICATION_INFO_GET (DEN0077A, "Notifications"): the lists in registers of both widths, pages of
 * many receivers, and what is told once. Lists of one receiver: tests/unit/core/test_notif_set_tell.c.
 */
#include "tests/unit/ffa/notification_fixture.h"

#define INFO_32 FFA_NOTIFICATION_INFO_GET_32
#define INFO_64 FFA_NOTIFICATION_INFO_GET_64
#define ALL UINT64_MAX

enum {
	RECEIVERS = 64, /* of the paging tests: three partitions, and VMs */
	IDS_OF_32 = 10,
	IDS_OF_64 = 20,
};

/** Lists in [11:7], more in [0], vCPU IDs of list n in [13 + 2n:12 + 2n]. */
static uint64_t word(unsigned lists, uint64_t sizes, unsigned more)
{
	return sizes << 12 | lists << 7 | more;
}

static void info_get(uint32_t fid)
{
	turn_to(NW);
	CALL(NW, fid);
}

static void check_nothing(void)
{
	info_get(INFO_64);
	CHECK_REFUSED(NW, FFA_NO_DATA);
	CALL(NW, INFO_32);
	CHECK_REFUSED(NW, FFA_NO_DATA);
}

/* ---- who may call, and what for -------------------------------------------------------------------- */

TEST(info_get_is_not_for_partitions)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);

	CALL(SP2, INFO_64);
	CHECK_REFUSED(SP2, FFA_NOT_SUPPORTED);
	CALL(SP2, INFO_32);
	CHECK_REFUSED(SP2, FFA_NOT_SUPPORTED);
}

TEST(info_get_without_news_has_no_data)
{
	notified_boot(1);
	check_nothing();

	must_bind(SP1, SP2, 1, 0);
	check_nothing();
}

/* ---- lists ----------------------------------------------------------------------------------------- */

TEST(info_get_answers_in_the_width_it_was_asked_in)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);

	must_set(SP2, SP1, 1, 0);
	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(1, 0, 0), SP1);
	check_gets(SP1, 0, 1, 0);
	must_set(SP2, SP1, 1, 0);
	info_get(INFO_32);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, word(1, 0, 0), SP1);
}

TEST(info_get_names_the_vcpus_behind_their_endpoint)
{
	notified_boot(4);
	must_bind(SP1, SP2, 1, PER_VCPU);
	must_set(SP2, SP1, 1, SET_FOR_VCPU(3));
	must_set(SP2, SP1, 1, SET_FOR_VCPU(1));

	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(1, 2, 0), UINT64_C(0x000300018001));
}

TEST(info_get_begins_another_list_for_a_fourth_vcpu)
{
	notified_boot(4);
	must_bind(SP1, SP2, 1, PER_VCPU);
	for (unsigned i = 0; i < 4; i++) {
		must_set(SP2, SP1, 1, SET_FOR_VCPU(i));
	}

	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(2, 3 | 1 << 2, 0), UINT64_C(0x0002000100008001),
		  UINT64_C(0x00038001));
}

TEST(info_get_packs_two_ids_into_a_register_of_the_32_bit_form)
{
	notified_boot(4);
	must_bind(SP1, SP2, 1, PER_VCPU);
	for (unsigned i = 0; i < 4; i++) {
		must_set(SP2, SP1, 1, SET_FOR_VCPU(i));
	}

	info_get(INFO_32);
	CHECK_GOT(NW, FFA_SUCCESS_32, 0, word(2, 3 | 1 << 2, 0), 0x00008001, 0x00020001,
		  0x00038001);
}

TEST(info_get_lists_partitions_before_vms_each_in_order)
{
	notified_boot(1);
	must_bind(VM1, SP1, 1, 0);
	must_bind(SP3, SP1, 1, 0);
	must_bind(SP2, SP1, 1, 0);
	must_set(SP1, VM1, 1, 0);
	must_set(SP1, SP3, 1, 0);
	must_set(SP1, SP2, 1, 0);

	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(3, 0, 0), UINT64_C(0x000180038002));
}

TEST(info_get_lists_an_os_without_hypervisor_by_its_id_0)
{
	notified_boot(1);
	create_bitmap(0, 8);
	must_bind(0, SP1, 1, 0);
	must_bind(SP2, SP1, 1, 0);
	must_set(SP1, 0, 1, 0);
	must_set(SP1, SP2, 1, 0);

	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(2, 0, 0), UINT64_C(0x00008002));
}

TEST(info_get_lists_a_vms_vcpus)
{
	notified_boot(1);
	must_bind(VM1, SP1, 0x1, 0);
	must_bind(VM1, SP1, 0x2, PER_VCPU);
	must_set(SP1, VM1, 0x2, SET_FOR_VCPU(2));
	must_set(SP1, VM1, 0x1, 0);

	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(1, 1, 0), UINT64_C(0x00020001));
	check_gets(VM1, 2, 0x3, 0);
}

/* ---- what is told once ------------------------------------------------------------------------------ */

TEST(info_get_tells_once)
{
	notified_boot(1);
	must_bind(SP1, SP2, 0x3, 0);
	must_set(SP2, SP1, 0x1, 0);
	info_get(INFO_64);
	check_nothing();

	must_set(SP2, SP1, 0x1, 0); /* it pends already */
	check_nothing();
	must_set(SP2, SP1, 0x2, 0);
	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(1, 0, 0), SP1);
	check_gets(SP1, 0, 0x3, 0); /* telling takes nothing away */
}

TEST(info_get_tells_again_what_was_fetched_and_set_again)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	for (unsigned i = 0; i < 3; i++) {
		must_set(SP2, SP1, 1, 0);
		info_get(INFO_64);
		CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(1, 0, 0), SP1);
		check_gets(SP1, 0, 1, 0);
		check_nothing();
	}
}

TEST(info_get_does_not_tell_what_was_fetched)
{
	notified_boot(1);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);
	check_gets(SP1, 0, 1, 0);

	check_nothing();
}

TEST(info_get_tells_of_messages)
{
	notified_boot(1);
	send_empty(SP1, SP2, 0);
	send_empty(SP2, VM1, 0);

	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(2, 0, 0), UINT64_C(0x00018002));
	check_nothing();
}

TEST(info_get_tells_of_receivers_that_run)
{
	notified_boot(2);
	must_bind(SP1, VM1, 1, 0);
	turn_to(SP1);
	on_pe(1);
	must_set(VM1, SP1, 1, 0);

	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(1, 0, 0), SP1);
}

TEST(info_get_on_any_pe_tells_for_all)
{
	notified_boot(2);
	must_bind(SP1, SP2, 1, 0);
	must_set(SP2, SP1, 1, 0);
	turn_to(NW);

	on_pe(1);
	info_get(INFO_64);
	CHECK_GOT(NW, FFA_SUCCESS_64, 0, word(1, 0, 0), SP1);
	on_pe(0);
	check_nothing();
}

/* ---- pages ------------------------------------------------------------------------------------------ */

static uint16_t nth_receiver(unsigned n)
{
	return (uint16_t)(n < 3 ? SP1 + n : VM1 + n - 3);
}

/** 64 receivers with something pending from WITHOUT. */
static void many_receivers(void)
{
	notified_boot(1);
	for (unsigned i = 0; i < RECEIVERS; i++) {
		if (i > 3) {
			create_bitmap(nth_receiver(i), 1);
			CHECK_SUCCESS(NW);
		}
		must_bind(nth_receiver(i), WITHOUT, ALL, 0);
	}
	for (unsigned i = RECEIVERS; i-- > 0;) {
		must_set(WITHOUT, nth_receiver(i), 1, 0);
	}
}

/** The ID in place @n of the lists that the normal world just got, @wide or not. */
static uint16_t told_id(unsigned n, bool wide)
{
	unsigned per_register = wide ? 4 : 2;

	return (uint16_t)(registers()[3 + n / per_register] >> 16 * (n % per_register));
}

static void check_pages(uint32_t fid, unsigned page)
{
	bool wide = fid == INFO_64;
	unsigned told = 0;

	many_receivers();
	turn_to(NW);
	while (told < RECEIVERS) {
		unsigned rest = RECEIVERS - told;
		unsigned count = rest < page ? rest : page;

		CALL(NW, fid);
		CHECK_EQUAL(registers()[0], wide ? FFA_SUCCESS_64 : FFA_SUCCESS_32);
		CHECK_EQUAL(registers()[2], word(count, 0, rest > page ? 1 : 0));
		for (unsigned i = 0; i < page; i++) {
			CHECK_EQUAL(told_id(i, wide), i < count ? nth_receiver(told + i) : 0);
		}
		told += count;
	}
	check_nothing();
}

TEST(info_get_tells_of_64_receivers_in_pages_of_20)
{
	check_pages(INFO_64, IDS_OF_64);
}

TEST(info_get_tells_of_64_receivers_in_pages_of_10_in_the_32_bit_form)
{
	check_pages(INFO_32, IDS_OF_32);
}

TEST(info_get_of_a_full_page_and_no_more_says_so)
{
	many_receivers();
	for (unsigned i = IDS_OF_64; i < RECEIVERS; i++) {
		check_gets(nth_receiver(i), 0, 1, 0);
	}

	info_get(INFO_64);
	CHECK_EQUAL(registers()[2], word(IDS_OF_64, 0, 0));
	check_nothing();
}

TEST(info_get_tells_what_comes_between_pages)
{
	many_receivers();
	info_get(INFO_64);
	must_set(WITHOUT, SP1, 2, 0);

	info_get(INFO_64);
	CHECK_EQUAL(registers()[2], word(IDS_OF_64, 0, 1));
	CHECK_EQUAL(told_id(0, true), SP1);
	CHECK_EQUAL(told_id(1, true), nth_receiver(IDS_OF_64));
}

TEST(info_get_forgets_receivers_that_are_gone_between_pages)
{
	many_receivers();
	info_get(INFO_64);
	check_gets(nth_receiver(IDS_OF_64), 0, 1, 0);
	destroy_bitmap(nth_receiver(IDS_OF_64));
	CHECK_SUCCESS(NW);

	info_get(INFO_64);
	CHECK_EQUAL(registers()[2], word(IDS_OF_64, 0, 1));
	CHECK_EQUAL(told_id(0, true), nth_receiver(IDS_OF_64 + 1));
}
