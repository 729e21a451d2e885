/* SPDX-License-Identifier: BSD-3-Clause */
/* The form of a complaint, and what is kept of several. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "config/report.h"

static unsigned said;
static enum config_level last_level;
static char last[CONFIG_SENTENCE_MAX];

static void hear(void *context, enum config_level level, const char *sentence)
{
	said++;
	last_level = level;
	strncpy(last, sentence, sizeof(last) - 1);
}

static struct config_report report_on_crypto(void)
{
	struct config_report report = { .say = hear };

	said = 0;
	config_report_on_partition(&report, 2, "crypto");
	return report;
}

static void a_sentence_has_subject_node_property_value_expectation(void **state)
{
	struct config_report report = report_on_crypto();

	config_error_number(&report, "/device-regions/uart", "pages-count", 0, "1 or more");
	assert_string_equal(report.error,
			    "partition vm2 \"crypto\": /device-regions/uart: property "
			    "\"pages-count\" = 0: expected 1 or more");
}

static void large_numbers_are_hexadecimal(void **state)
{
	struct config_report report = report_on_crypto();

	config_error_number(&report, "/", "a", 10000, "less");
	assert_string_equal(report.error,
			    "partition vm2 \"crypto\": /: property \"a\" = 0x2710: expected less");
}

static void the_first_error_is_kept(void **state)
{
	struct config_report report = report_on_crypto();

	config_error(&report, "/", "one");
	config_error(&report, "/", "two");
	assert_string_equal(report.error, "partition vm2 \"crypto\": /: one");
	assert_int_equal(said, 0);
}

static void a_refusal_hands_the_error_on_and_forgets_it(void **state)
{
	struct config_report report = report_on_crypto();

	config_error(&report, "/", "one");
	config_report_refused(&report);
	assert_int_equal(said, 1);
	assert_int_equal(last_level, CONFIG_REFUSED);
	assert_string_equal(last, "partition vm2 \"crypto\": /: one");
	assert_false(config_failed(&report));
	config_report_refused(&report);
	assert_int_equal(said, 1);
}

static void a_new_subject_starts_without_error(void **state)
{
	struct config_report report = report_on_crypto();

	config_error(&report, "/", "one");
	config_report_on_spmc(&report);
	config_error(&report, "/cpus", "two");
	assert_string_equal(report.error, "spmc manifest: /cpus: two");
}

static void warnings_are_handed_on_at_once(void **state)
{
	struct config_report report = report_on_crypto();

	config_warning(&report, "/", "first");
	config_warning(&report, "", "second");
	assert_int_equal(said, 2);
	assert_int_equal(last_level, CONFIG_WARNING);
	assert_string_equal(last, "partition vm2 \"crypto\": second");
	assert_false(config_failed(&report));
}

static void bytes_that_do_not_print_cannot_forge_a_line(void **state)
{
	struct config_report report = report_on_crypto();

	config_error(&report, "/", "property \"%s\"", "a\nERROR \x1b[2J\xff");
	assert_string_equal(report.error,
			    "partition vm2 \"crypto\": /: property \"a?ERROR ?[2J?\"");
}

static void a_long_sentence_is_cut(void **state)
{
	struct config_report report = report_on_crypto();
	char text[1000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	config_error(&report, text, "%s", text);
	assert_int_equal(strlen(report.error), CONFIG_SENTENCE_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sentence_has_subject_node_property_value_expectation),
		cmocka_unit_test(large_numbers_are_hexadecimal),
		cmocka_unit_test(the_first_error_is_kept),
		cmocka_unit_test(a_refusal_hands_the_error_on_and_forgets_it),
		cmocka_unit_test(a_new_subject_starts_without_error),
		cmocka_unit_test(warnings_are_handed_on_at_once),
		cmocka_unit_test(bytes_that_do_not_print_cannot_forge_a_line),
		cmocka_unit_test(a_long_sentence_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
