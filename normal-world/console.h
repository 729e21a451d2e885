/* SPDX-License-Identifier: BSD-3-Clause */
/* Text on UART0. */
#ifndef NORMAL_WORLD_CONSOLE_H
#define NORMAL_WORLD_CONSOLE_H

/** Prints; pieces of up to 400 characters are not mixed with those of other PEs. */
void print(const char *text, ...) __attribute__((format(printf, 1, 2)));

void console_write(const char *text);

#endif
