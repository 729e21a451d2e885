/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Complaints about manifests and packages; see report.h for their form. What a manifest's author
 * wrote can be part of a sentence: bytes that do not print are shown as '?', so that it cannot
 * forge a log line.
 */
#include "config/report.h"

#include "lib/format.h"
#include "lib/string.h"

/** Writes a formatted text to @out, cut at @size bytes with its NUL. */
void config_text(char *out, size_t size, const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	format(out, size, text, arguments);
	va_end(arguments);
}

static void make_printable(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text > '~') {
			*text = '?';
		}
	}
}

/** Makes the SPMC manifest the subject and forgets the last error. */
void config_report_on_spmc(struct config_report *report)
{
	report->vm_number = 0;
	report->error[0] = '\0';
}

/**
 * Makes a partition the subject and forgets the last error.
 *
 * @number  N of its vmN node.
 * @name    its debug_name, at most 36 characters; "" while it is not known.
 */
void config_report_on_partition(struct config_report *report, uint16_t number, const char *name)
{
	report->vm_number = number;
	memcpy(report->vm_name, name, strnlen(name, CONFIG_NAME_MAX - 1) + 1);
	report->vm_name[CONFIG_NAME_MAX - 1] = '\0';
	report->error[0] = '\0';
}

/** Hands the error on as the reason why the subject is refused; the error is forgotten. */
void config_report_refused(struct config_report *report)
{
	if (report->say != NULL && config_failed(report)) {
		report->say(report->context, CONFIG_REFUSED, report->error);
	}
	report->error[0] = '\0';
}

static void compose(char sentence[CONFIG_SENTENCE_MAX], const struct config_report *report,
		    const char *node, const char *text, va_list arguments)
	__attribute__((format(printf, 4, 0)));

static void compose(char sentence[CONFIG_SENTENCE_MAX], const struct config_report *report,
		    const char *node, const char *text, va_list arguments)
{
	const char *behind = node[0] != '\0' ? ": " : "";
	size_t used;

	if (report->vm_number == 0) {
		config_text(sentence, CONFIG_SENTENCE_MAX, "spmc manifest: %s%s", node, behind);
	} else if (report->vm_name[0] == '\0') {
		config_text(sentence, CONFIG_SENTENCE_MAX, "partition vm%u: %s%s",
			    (unsigned)report->vm_number, node, behind);
	} else {
		config_text(sentence, CONFIG_SENTENCE_MAX, "partition vm%u \"%s\": %s%s",
			    (unsigned)report->vm_number, report->vm_name, node, behind);
	}
	used = strlen(sentence);
	format(sentence + used, CONFIG_SENTENCE_MAX - used, text, arguments);
	make_printable(sentence);
}

/** config_error() with an argument list. */
void config_error_list(struct config_report *report, const char *node, const char *text,
		       va_list arguments)
{
	if (!config_failed(report)) {
		compose(report->error, report, node, text, arguments);
	}
}

/** Records an error at @node (a path, "package", or "" for none); only the first since the subject
 * was set. */
void config_error(struct config_report *report, const char *node, const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	config_error_list(report, node, text, arguments);
	va_end(arguments);
}

/** Records: property @property has the value @value where @expected was expected. */
void config_error_number(struct config_report *report, const char *node, const char *property,
			 uint64_t value, const char *expected)
{
	if (value <= CONFIG_DECIMAL_LAST) {
		config_error(report, node, "property \"%s\" = %lu: expected %s", property,
			     (unsigned long)value, expected);
	} else {
		config_error(report, node, "property \"%s\" = 0x%lx: expected %s", property,
			     (unsigned long)value, expected);
	}
}

/** config_warning() with an argument list. */
void config_warning_list(struct config_report *report, const char *node, const char *text,
			 va_list arguments)
{
	char sentence[CONFIG_SENTENCE_MAX];

	if (report->say == NULL) {
		return;
	}
	compose(sentence, report, node, text, arguments);
	report->say(report->context, CONFIG_WARNING, sentence);
}

/** Hands a warning about @node on. */
void config_warning(struct config_report *report, const char *node, const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	config_warning_list(report, node, text, arguments);
	va_end(arguments);
}
