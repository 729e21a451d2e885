/* SPDX-License-Identifier: BSD-3-Clause */
/* The client's own machine: system registers, time, exceptions, going down to NS-EL1. */
#ifndef NORMAL_WORLD_MACHINE_H
#define NORMAL_WORLD_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define READ_SYSREG(name)                                                    \
	({                                                                   \
		uint64_t value_;                                             \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory"); \
		value_;                                                      \
	})
#define WRITE_SYSREG(name, value) \
	__asm__ volatile("msr " #name ", %0\n\tisb" ::"r"((uint64_t)(value)) : "memory")

static inline void interrupts_enable(void)
{
	__asm__ volatile("msr daifclr, #2\n\tisb" ::: "memory");
}

static inline void interrupts_disable(void)
{
	__asm__ volatile("msr daifset, #2\n\tisb" ::: "memory");
}

/** Microseconds since the machine started. */
uint64_t time_now(void);
void time_wait(uint64_t microseconds);

struct exception_frame {
	uint64_t x[31];
	uint64_t elr;
	uint64_t spsr;
	uint64_t esr;
	uint64_t far;
};

/** Accesses to memory that may not be ours: false when they abort; then exception_syndrome() tells how. */
bool exception_try_read(uint64_t address, uint64_t *value);
bool exception_try_write(uint64_t address, uint64_t value);
uint64_t exception_syndrome(void);

/** Runs @function at NS-EL1, MMU on with the same map, and returns what it returned. */
uint64_t el1_run(uint64_t (*function)(void *argument), void *argument);

/* vectors.S */
int checkpoint_set(uint64_t buffer[13]) __attribute__((returns_twice));
_Noreturn void checkpoint_return(uint64_t buffer[13]);

#endif
