/* SPDX-License-Identifier: BSD-3-Clause */
/* The freestanding formatter (lib/format.c) against what printf() says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/format.h"

static void check(const char *text, ...) __attribute__((format(printf, 1, 2)));

static void check(const char *text, ...)
{
	char ours[128], theirs[128];
	va_list arguments;
	size_t our_size;
	int their_size;

	va_start(arguments, text);
	our_size = format(ours, sizeof(ours), text, arguments);
	va_end(arguments);
	va_start(arguments, text);
	their_size = vsnprintf(theirs, sizeof(theirs), text, arguments);
	va_end(arguments);
	assert_string_equal(ours, theirs);
	assert_int_equal(our_size, their_size);
}

static size_t write(char *out, size_t size, const char *text, ...)
	__attribute__((format(printf, 3, 4)));

static size_t write(char *out, size_t size, const char *text, ...)
{
	va_list arguments;
	size_t used;

	va_start(arguments, text);
	used = format(out, size, text, arguments);
	va_end(arguments);
	return used;
}

static void directives_print_as_in_the_c_library(void **state)
{
	check("plain 100%%");
	check("%s|%10s|%-10s|%.2s|%c", "abc", "abc", "abc", "abc", 'x');
	check("%u %5u %05u %-5u|", 7U, 7U, 7U, 7U);
	check("%d %d %5d %05d %-5d|", -7, 7, -7, -7, -7);
	check("%x %8x %08x", 0xbeefU, 0xbeefU, 0xbeefU);
	check("%lx %lu %ld %016lx", UINT64_MAX, UINT64_MAX, INT64_MIN, (uint64_t)0xabc);
	check("%llx %zu %hhu %hu", 0x123456789abcdefULL, (size_t)12, (unsigned char)200,
	      (unsigned short)60000);
	check("%p", (void *)0x1234);
	check("%u", 0U);
}

static void output_is_cut_at_its_size_and_always_ends(void **state)
{
	char out[5] = "####";

	assert_int_equal(write(out, 4, "%s", "abcdef"), 6);
	assert_string_equal(out, "abc");
	assert_int_equal(write(out, 1, "%u", 12U), 2);
	assert_string_equal(out, "");
	assert_int_equal(write(NULL, 0, "%u", 123U), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directives_print_as_in_the_c_library),
		cmocka_unit_test(output_is_cut_at_its_size_and_always_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
