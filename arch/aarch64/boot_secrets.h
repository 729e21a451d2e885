/* SPDX-License-Identifier: BSD-3-Clause */
/* Between entry.S and boot_secrets.c. */
#ifndef ARCH_AARCH64_BOOT_SECRETS_H
#define ARCH_AARCH64_BOOT_SECRETS_H

#include <stdint.h>

extern uintptr_t __stack_chk_guard;

uint64_t boot_secrets_init(void);
uint64_t secondary_secrets_init(void);

/** Finds out what arch_random() draws from. Boot, once, behind cpu_detect(). */
void boot_random_detect(void);

#endif
