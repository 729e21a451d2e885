/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lib/string.c under other names, as the host has functions of its own: each against a loop that does
 * the obvious, for all small sizes and alignments.
 */
#pragma redefine_extname memcpy own_memcpy
#pragma redefine_extname memmove own_memmove
#pragma redefine_extname memset own_memset
#pragma redefine_extname memcmp own_memcmp
#pragma redefine_extname memchr own_memchr
#pragma redefine_extname strlen own_strlen
#pragma redefine_extname strnlen own_strnlen
#pragma redefine_extname strcmp own_strcmp
#pragma redefine_extname strncmp own_strncmp
#pragma redefine_extname strchr own_strchr
#pragma redefine_extname strrchr own_strrchr

#include "lib/string.c"

#include "tests/unit/unit.h"

enum {
	OFFSET_COUNT = 9,
	SIZE_COUNT = 80,
	AREA = 256,
	START = 64,
};

static _Alignas(16) uint8_t target[AREA], expected[AREA], source[AREA];

/** Different bytes everywhere. */
static void fill(void)
{
	for (unsigned i = 0; i < AREA; i++) {
		source[i] = (uint8_t)(i * 7 + 1);
		target[i] = (uint8_t)(255 - i);
		expected[i] = target[i];
	}
}

static void check_area(const uint8_t *actual)
{
	for (unsigned i = 0; i < AREA; i++) {
		CHECK_EQUAL(actual[i], expected[i]);
	}
}

TEST(memcpy_copies_just_what_it_was_told)
{
	for (unsigned to = 0; to < OFFSET_COUNT; to++) {
		for (unsigned from = 0; from < OFFSET_COUNT; from++) {
			for (unsigned size = 0; size < SIZE_COUNT; size++) {
				fill();
				for (unsigned i = 0; i < size; i++) {
					expected[START + to + i] = source[START + from + i];
				}
				CHECK(memcpy(&target[START + to], &source[START + from], size) ==
				      &target[START + to]);
				check_area(target);
			}
		}
	}
}

TEST(memmove_copies_ranges_that_overlap)
{
	for (unsigned to = 0; to < 4 * OFFSET_COUNT; to++) {
		for (unsigned size = 0; size < SIZE_COUNT; size++) {
			fill();
			for (unsigned i = 0; i < AREA; i++) {
				expected[i] = source[i];
			}
			for (unsigned i = 0; i < size; i++) {
				expected[START + to + i] = (uint8_t)((START + 16 + i) * 7 + 1);
			}
			CHECK(memmove(&source[START + to], &source[START + 16], size) ==
			      &source[START + to]);
			check_area(source);
		}
	}
}

TEST(memset_fills_just_what_it_was_told)
{
	static const int value = 0x1a5; /* of which the low byte counts */

	for (unsigned to = 0; to < OFFSET_COUNT; to++) {
		for (unsigned size = 0; size < SIZE_COUNT; size++) {
			fill();
			for (unsigned i = 0; i < size; i++) {
				expected[START + to + i] = 0xa5;
			}
			CHECK(memset(&target[START + to], value, size) == &target[START + to]);
			check_area(target);
		}
	}
}

TEST(memcmp_tells_order_by_the_first_different_byte)
{
	CHECK_EQUAL(memcmp("abc", "abc", 3), 0);
	CHECK_EQUAL(memcmp("abc", "xyz", 0), 0);
	CHECK_EQUAL(memcmp("abcx", "abcy", 3), 0);
	CHECK(memcmp("abc", "abd", 3) < 0);
	CHECK(memcmp("\xff", "\x01", 1) > 0);
}

TEST(memchr_finds_the_first_byte_within_the_size)
{
	const char text[] = "abcabc";

	CHECK(memchr(text, 'b', 6) == &text[1]);
	CHECK(memchr(text, 'c', 2) == NULL);
	CHECK(memchr(text, 0x100 + 'a', 1) == &text[0]);
	CHECK(memchr(text, 'a', 0) == NULL);
}

TEST(lengths_end_at_the_nul_or_the_limit)
{
	CHECK_EQUAL(strlen(""), 0);
	CHECK_EQUAL(strlen("abc"), 3);
	CHECK_EQUAL(strnlen("abc", 2), 2);
	CHECK_EQUAL(strnlen("abc", 8), 3);
}

TEST(texts_are_compared_up_to_the_nul_or_the_limit)
{
	CHECK_EQUAL(strcmp("abc", "abc"), 0);
	CHECK(strcmp("ab", "abc") < 0);
	CHECK(strcmp("abc", "ab") > 0);
	CHECK(strcmp("\x80", "\x7f") > 0);
	CHECK_EQUAL(strncmp("abc", "abd", 2), 0);
	CHECK(strncmp("abc", "abd", 3) < 0);
	CHECK_EQUAL(strncmp("ab\0x", "ab\0y", 4), 0);
}

TEST(characters_are_found_from_either_end_the_nul_included)
{
	const char text[] = "abcabc";

	CHECK(strchr(text, 'b') == &text[1]);
	CHECK(strrchr(text, 'b') == &text[4]);
	CHECK(strchr(text, 'x') == NULL);
	CHECK(strrchr(text, 'x') == NULL);
	CHECK(strchr(text, '\0') == &text[6]);
	CHECK(strrchr(text, '\0') == &text[6]);
}
