/* SPDX-License-Identifier: BSD-3-Clause */
/* What the words on the command line ask for: demo (default), test NAMES, test all SYSTEM, list. */
#include "lib/string.h"
#include "normal-world/console.h"
#include "normal-world/demo.h"
#include "normal-world/pe.h"
#include "normal-world/semihosting.h"
#include "normal-world/test.h"

_Noreturn void client_main(void);

/** Cuts the first word off @line and returns it. */
static char *next_word(char **line)
{
	char *word;

	while (**line == ' ') {
		(*line)++;
	}
	word = *line;
	while (**line != ' ' && **line != '\0') {
		(*line)++;
	}
	if (**line == ' ') {
		*(*line)++ = '\0';
	}
	return word;
}

_Noreturn void client_main(void)
{
	static char command_line[8192];
	char *line = command_line;
	const char *word;

	pe_init();
	semihosting_init();
	semihosting_command_line(command_line, sizeof(command_line));
	word = next_word(&line);
	if (strcmp(word, "test") == 0) {
		const char *names = next_word(&line);
		const char *system = next_word(&line);

		test_run(names, *system != '\0' ? system : "test");
	}
	if (strcmp(word, "list") == 0) {
		test_list();
		semihosting_exit(0);
	}
	if (*word != '\0' && strcmp(word, "demo") != 0) {
		print("normal world: '%s' is none of demo, test NAMES, list\n", word);
		semihosting_exit(2);
	}
	demo_run();
}
