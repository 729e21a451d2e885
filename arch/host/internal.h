/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the host's machine share; tests include host.h. */
#ifndef ARCH_HOST_INTERNAL_H
#define ARCH_HOST_INTERNAL_H

#include "arch/host/host.h"

void memory_reset(void);
void translation_reset(void);
void context_reset(void);
void machine_reset(void);
void interrupts_reset(void);

/** What host_save() keeps of interrupts: its size; @to NULL: that alone. */
size_t interrupts_save(uint8_t *to);
void interrupts_restore(const uint8_t *from);

/** @pe comes up: what is private to it is as after reset, but for what pends. */
void interrupts_pe_up(const struct arch_pe *pe);

/** As arch_stop(), for what a correct SPMC never does. */
_Noreturn void host_stop(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** RAM at @address when it belongs to @world, else NULL. */
void *memory_at(uint64_t address, enum world world);

#endif
