/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the scheduler is told of notifications: the notice board, and lists as FFA_NOTIFICATION_INFO_GET
 * has them. A list is an endpoint ID and up to three vCPU IDs; without any, something global pends.
 */
#include "tests/unit/core/notif_fixture.h"
#include "tests/unit/unit.h"

enum {
	EVERYTHING = 0xF, /* enum notif_fetch */
	WIDE = 20, /* IDs, and lists, of the SMC64 form */
	NARROW = 10, /* of the SMC32 form */
};

/** Tells of set @n as well, with room for @max IDs and lists. */
static void tell_more(unsigned n, struct notif_news *news)
{
	notif_set_tell(&notif_sets[n], news);
}

static struct notif_news room_for(unsigned max)
{
	return (struct notif_news){ .id_max = max, .list_max = max };
}

static struct notif_news tell(unsigned n, unsigned max)
{
	struct notif_news news = room_for(max);

	tell_more(n, &news);
	return news;
}

static void check_ids(const struct notif_news *news, const uint16_t *ids, unsigned count)
{
	CHECK_EQUAL(news->id_count, count);
	for (unsigned i = 0; i < count; i++) {
		CHECK_EQUAL(news->ids[i], ids[i]);
	}
}
#define CHECK_IDS(news, ...)                               \
	check_ids(news, (const uint16_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t))

static void check_lists(const struct notif_news *news, unsigned count, uint64_t sizes, bool more)
{
	CHECK_EQUAL(news->list_count, count);
	CHECK_EQUAL(news->list_sizes, sizes);
	CHECK_EQUAL(news->more, more);
}

static void check_nothing(unsigned n)
{
	struct notif_news news = tell(n, WIDE);

	CHECK_EQUAL(news.id_count, 0);
	check_lists(&news, 0, 0, false);
	CHECK(!is_on_board(n));
}

/** One receiver with @vcpu_count vCPUs, the first @pending of which have something. */
static void receiver_with_pending(uint16_t vcpu_count, uint16_t pending)
{
	sets_reset();
	enable_set(0, vcpu_count);
	bind_two(0);
	for (uint16_t i = 0; i < pending; i++) {
		pend_vcpu(0, i);
	}
}

/* ---- what is told, and when again --------------------------------------------------------------- */

TEST(without_anything_pending_nothing_is_told)
{
	one_receiver();
	bind_two(0);

	check_nothing(0);
}

TEST(a_global_notification_is_a_list_without_vcpus_told_once)
{
	struct notif_news news;

	one_receiver();
	bind_two(0);
	pend_global(0);

	CHECK(is_on_board(0));
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER);
	check_lists(&news, 1, 0, false);
	check_nothing(0);
}

TEST(what_pends_already_is_no_news)
{
	one_receiver();
	bind_two(0);
	pend_global(0);
	pend_vcpu(0, 4);
	(void)tell(0, WIDE);

	pend_global(0);
	pend_vcpu(0, 4);
	check_nothing(0);
}

TEST(more_of_what_pends_is_news)
{
	struct notif_news news;

	one_receiver();
	CHECK_EQUAL(bind_ids(SENDER, 0x3, NOTIF_GLOBAL), NOTIF_OK);
	CHECK_EQUAL(signal_global(SENDER, 0x1), NOTIF_OK);
	(void)tell(0, WIDE);

	CHECK_EQUAL(signal_global(SENDER, 0x3), NOTIF_OK);
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER);
}

TEST(a_notification_that_was_fetched_and_comes_again_is_news)
{
	struct notif_news news;

	one_receiver();
	bind_two(0);
	pend_global(0);
	pend_vcpu(0, 2);
	(void)tell(0, WIDE);
	(void)fetch_from(2, EVERYTHING);

	pend_global(0);
	pend_vcpu(0, 2);
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 2);
	check_lists(&news, 1, 1, false);
}

TEST(what_was_fetched_is_not_told)
{
	one_receiver();
	bind_two(0);
	pend_global(0);
	pend_vcpu(0, 2);

	(void)fetch_from(2, EVERYTHING);
	check_nothing(0);
}

TEST(what_another_vcpu_or_bitmap_has_is_still_told)
{
	struct notif_news news;

	one_receiver();
	bind_two(0);
	CHECK_EQUAL(bind_ids(VM_SENDER, 0x1, NOTIF_GLOBAL), NOTIF_OK);
	pend_vcpu(0, 1);
	pend_vcpu(0, 2);
	CHECK_EQUAL(signal_global(VM_SENDER, 0x1), NOTIF_OK);

	(void)fetch_from(1, NOTIF_FETCH_PARTITIONS);
	CHECK(is_on_board(0));
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 2);
	(void)fetch_from(2, EVERYTHING);
	check_nothing(0);
}

TEST(each_framework_bitmap_is_told)
{
	struct notif_news news;

	one_receiver();
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_SPMC_RX_FULL));
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER);
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_SPMC_RX_FULL));
	check_nothing(0);

	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_HYPERVISOR_RX_FULL));
	(void)fetch_from(0, NOTIF_FETCH_SPMC);
	CHECK(is_on_board(0));
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER);
	CHECK_EQUAL(fetch_from(0, NOTIF_FETCH_HYPERVISOR).framework, NOTIF_HYPERVISOR_RX_FULL);
	check_nothing(0);
}

TEST(what_the_framework_withdraws_is_neither_told_nor_fetched)
{
	one_receiver();
	bind_two(0);
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_RX_FULL));

	notif_set_withdraw_framework(&notif_sets[0], NOTIF_SPMC_RX_FULL);
	CHECK(is_on_board(0));
	notif_set_withdraw_framework(&notif_sets[0], NOTIF_RX_FULL);
	CHECK(!is_on_board(0));
	CHECK(!notif_set_wants(&notif_sets[0], 0));
	check_nothing(0);
	CHECK_EQUAL(fetch_from(0, 0xF).framework, 0);

	/* Nobody else's goes with it. */
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_RX_FULL));
	pend_global(0);
	notif_set_withdraw_framework(&notif_sets[0], NOTIF_RX_FULL);
	CHECK(is_on_board(0));
	CHECK_EQUAL(fetch_from(0, 0xF).of_class[NOTIF_FROM_PARTITIONS], 1);
}

TEST(global_ones_of_all_bitmaps_are_told_together)
{
	struct notif_news news;

	one_receiver();
	bind_two(0);
	CHECK_EQUAL(bind_ids(VM_SENDER, 0x1, NOTIF_GLOBAL), NOTIF_OK);
	pend_global(0);
	CHECK_EQUAL(signal_global(VM_SENDER, 0x1), NOTIF_OK);
	CHECK(notif_set_signal_framework(&notif_sets[0], RECEIVER, NOTIF_RX_FULL));

	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER);
	check_lists(&news, 1, 0, false);
	check_nothing(0);
}

TEST(a_vcpu_with_notifications_of_both_classes_is_told_once)
{
	struct notif_news news;

	one_receiver();
	bind_two(0);
	CHECK_EQUAL(bind_ids(VM_SENDER, 0x8, NOTIF_PER_VCPU), NOTIF_OK);
	pend_vcpu(0, 5);
	CHECK_EQUAL(signal_vcpu(VM_SENDER, 0x8, 5), NOTIF_OK);

	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 5);
	check_nothing(0);
}

TEST(refused_telling_loses_nothing)
{
	struct notif_news news;

	one_receiver();
	bind_two(0);
	pend_global(0);
	pend_vcpu(0, 3);

	news = tell(0, 0);
	CHECK_EQUAL(news.id_count, 0);
	check_lists(&news, 0, 0, true);
	CHECK(is_on_board(0));
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 3);
	check_nothing(0);
}

/* ---- lists -------------------------------------------------------------------------------------- */

TEST(vcpus_are_listed_in_order_behind_their_endpoint)
{
	struct notif_news news;

	one_receiver();
	bind_two(0);
	pend_vcpu(0, 6);
	pend_vcpu(0, 0);

	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 0, 6);
	check_lists(&news, 1, 2, false);
}

TEST(three_vcpus_fill_a_list)
{
	struct notif_news news;

	receiver_with_pending(VCPU_COUNT, 3);
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 0, 1, 2);
	check_lists(&news, 1, 3, false);
}

TEST(a_fourth_vcpu_begins_another_list_of_the_same_endpoint)
{
	struct notif_news news;

	receiver_with_pending(VCPU_COUNT, 4);
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 0, 1, 2, RECEIVER, 3);
	check_lists(&news, 2, 3 | 1 << 2, false);
}

TEST(vcpus_join_the_list_of_what_is_global)
{
	struct notif_news news;

	receiver_with_pending(VCPU_COUNT, 4);
	pend_global(0);
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 0, 1, 2, RECEIVER, 3);
	check_lists(&news, 2, 3 | 1 << 2, false);
	check_nothing(0);
}

TEST(several_receivers_follow_one_another)
{
	struct notif_news news = room_for(WIDE);

	sets_reset();
	for (unsigned i = 0; i < 3; i++) {
		enable_set(i, VCPU_COUNT);
		bind_two(i);
	}
	pend_vcpu(0, 1);
	pend_global(1);
	pend_vcpu(2, 0);
	pend_vcpu(2, 7);

	for (unsigned i = 0; i < 3; i++) {
		tell_more(i, &news);
	}
	CHECK_IDS(&news, RECEIVER, 1, RECEIVER + 1, RECEIVER + 2, 0, 7);
	check_lists(&news, 3, 1 | 0 << 2 | 2 << 4, false);
}

/* ---- limits ------------------------------------------------------------------------------------- */

TEST(five_full_lists_are_what_the_wide_form_holds)
{
	struct notif_news news;

	receiver_with_pending(64, 15);
	news = tell(0, WIDE);
	CHECK_EQUAL(news.id_count, WIDE);
	check_lists(&news, 5, 0x3FF, false);
	check_nothing(0);
}

TEST(one_vcpu_more_than_the_wide_form_holds_is_told_next)
{
	struct notif_news news;

	receiver_with_pending(64, 16);
	news = tell(0, WIDE);
	CHECK_EQUAL(news.id_count, WIDE);
	check_lists(&news, 5, 0x3FF, true);
	CHECK(is_on_board(0));
	news = tell(0, WIDE);
	CHECK_IDS(&news, RECEIVER, 15);
	check_nothing(0);
}

TEST(the_narrow_form_holds_ten_ids)
{
	struct notif_news news;

	receiver_with_pending(64, 8);
	news = tell(0, NARROW); /* 4 + 4 + 2 */
	CHECK_IDS(&news, RECEIVER, 0, 1, 2, RECEIVER, 3, 4, 5, RECEIVER, 6);
	check_lists(&news, 3, 3 | 3 << 2 | 1 << 4, true);
	news = tell(0, NARROW);
	CHECK_IDS(&news, RECEIVER, 7);
	check_lists(&news, 1, 1, false);
}

TEST(a_list_of_a_vcpu_is_not_begun_with_room_for_the_endpoint_alone)
{
	struct notif_news news = { .id_max = NARROW, .list_max = NARROW, .id_count = 9 };

	receiver_with_pending(VCPU_COUNT, 1);
	tell_more(0, &news);
	CHECK_EQUAL(news.id_count, 9);
	check_lists(&news, 0, 0, true);
	CHECK(is_on_board(0));
}

TEST(what_is_global_fits_where_its_vcpus_do_not)
{
	struct notif_news news = { .id_max = NARROW, .list_max = NARROW, .id_count = 9 };

	receiver_with_pending(VCPU_COUNT, 1);
	pend_global(0);
	tell_more(0, &news);
	CHECK_EQUAL(news.id_count, 10);
	CHECK_EQUAL(news.ids[9], RECEIVER);
	check_lists(&news, 1, 0, true);
	news = tell(0, NARROW);
	CHECK_IDS(&news, RECEIVER, 0);
	check_lists(&news, 1, 1, false);
}

TEST(lists_are_limited_as_ids_are)
{
	struct notif_news news = { .id_max = WIDE, .list_max = 2 };

	receiver_with_pending(VCPU_COUNT, 8);
	tell_more(0, &news);
	CHECK_IDS(&news, RECEIVER, 0, 1, 2, RECEIVER, 3, 4, 5);
	check_lists(&news, 2, 0xF, true);
}

/** Pages through all receivers with @max IDs at a time; each must be told exactly once. */
static void check_pages(unsigned max, unsigned page_count)
{
	unsigned told = 0, pages = 0;
	struct notif_news news;

	sets_reset();
	for (unsigned i = 0; i < SET_COUNT; i++) {
		enable_set(i, 1);
		bind_two(i);
		pend_global(i);
	}
	do {
		news = room_for(max);
		for (unsigned i = 0; i < SET_COUNT && !news.more; i++) {
			tell_more(i, &news);
		}
		for (unsigned i = 0; i < news.id_count; i++) {
			CHECK_EQUAL(news.ids[i], receiver_of(told++));
		}
		CHECK_EQUAL(news.list_count, news.id_count);
		pages++;
	} while (news.more);
	CHECK_EQUAL(told, SET_COUNT);
	CHECK_EQUAL(pages, page_count);
}

TEST(seventy_receivers_are_told_in_pages_of_20)
{
	check_pages(WIDE, 4);
}

TEST(seventy_receivers_are_told_in_pages_of_10_and_the_last_full_one_is_the_last)
{
	check_pages(NARROW, 7);
}

TEST(each_set_of_vcpus_is_told_once_whatever_the_room)
{
	for (unsigned max = 2; max <= WIDE; max++) {
		uint64_t told = 0;

		receiver_with_pending(64, 64);
		while (is_on_board(0)) {
			struct notif_news news = tell(0, max);
			unsigned at = 0;

			CHECK(news.id_count <= max);
			for (unsigned list = 0; list < news.list_count; list++) {
				unsigned size = news.list_sizes >> 2 * list & 3;

				CHECK_EQUAL(news.ids[at++], RECEIVER);
				for (unsigned i = 0; i < size; i++) {
					CHECK_EQUAL(told >> news.ids[at] & 1, 0);
					told |= UINT64_C(1) << news.ids[at++];
				}
			}
			CHECK_EQUAL(at, news.id_count);
			CHECK_EQUAL(news.more, is_on_board(0));
		}
		CHECK_EQUAL(told, UINT64_MAX);
	}
}
