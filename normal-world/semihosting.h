/* SPDX-License-Identifier: BSD-3-Clause */
/* The launcher's side channel: command line, protocol lines, exit status. */
#ifndef NORMAL_WORLD_SEMIHOSTING_H
#define NORMAL_WORLD_SEMIHOSTING_H

#include <stddef.h>

/** Finds out whether somebody listens; without, the other calls do nothing (exit: PSCI SYSTEM_OFF). */
void semihosting_init(void);

/** The words given to the machine, separated by blanks; empty when there are none. */
void semihosting_command_line(char *buffer, size_t size);

/** Writes @text whole. */
void semihosting_write(const char *text);

/** Ends the machine with @code. */
_Noreturn void semihosting_exit(unsigned code);

#endif
