/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How a complaint about a manifest or a package is made: one sentence of one form, so that it can
 * be searched for and compared by tests:
 *
 *   SUBJECT: NODE: property "NAME" = VALUE: expected WHAT
 *   partition vm2 "crypto": /device-regions/uart: property "pages-count" = 0: expected 1 or more
 *   spmc manifest: /attribute: property "spmc_id" is missing
 *   partition vm2 "crypto": package: field "img_offset" = 0x1234: expected a multiple of 4096
 *
 * Numbers are decimal up to 9999, hexadecimal above. The first error of a subject is kept, the ones
 * that follow from it are dropped. Warnings, and refusals of a partition that do not stop the
 * parser, are handed on at once.
 */
#ifndef CONFIG_REPORT_H
#define CONFIG_REPORT_H

#include "core/partition_config.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CONFIG_SENTENCE_MAX = 320,
	CONFIG_DECIMAL_LAST = 9999, /* larger numbers are shown in hexadecimal */
};

enum config_level {
	CONFIG_WARNING, /* something has no effect, or was put right */
	CONFIG_REFUSED, /* a partition will not exist; the others do */
};

/** @say may be null. @error is empty or the first error since the subject was set. */
struct config_report {
	void (*say)(void *context, enum config_level level, const char *sentence);
	void *context;
	uint16_t vm_number; /* whom sentences are about; 0: the SPMC manifest */
	char vm_name[CONFIG_NAME_MAX]; /* may be empty */
	char error[CONFIG_SENTENCE_MAX];
};

void config_report_on_spmc(struct config_report *report);
void config_report_on_partition(struct config_report *report, uint16_t number, const char *name);
void config_report_refused(struct config_report *report);

void config_error(struct config_report *report, const char *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void config_error_list(struct config_report *report, const char *node, const char *format,
		       va_list list) __attribute__((format(printf, 3, 0)));
void config_error_number(struct config_report *report, const char *node, const char *property,
			 uint64_t value, const char *expected);
void config_warning(struct config_report *report, const char *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void config_warning_list(struct config_report *report, const char *node, const char *format,
			 va_list list) __attribute__((format(printf, 3, 0)));
void config_text(char *out, size_t size, const char *text, ...)
	__attribute__((format(printf, 3, 4)));

static inline bool config_failed(const struct config_report *report)
{
	return report->error[0] != '\0';
}

#endif
