/* SPDX-License-Identifier: BSD-3-Clause */
/* The test partition's machine at S-EL0: there is no handler, a fault ends the partition. */
#include "partitions/test-image/image.h"

bool machine_is_el1(void)
{
	return false;
}

uint64_t machine_mpidr(void)
{
	return 0;
}

uint64_t machine_counter(void)
{
	return 0;
}

uint64_t machine_mask(uint64_t which)
{
	(void)which; /* EL0 has no such registers */
	return 0;
}

uint64_t machine_pending(void)
{
	return 0;
}

void machine_simd_enable(void)
{
}

void machine_scalable_enable(void)
{
}

void machine_vector_length_set(uint64_t length)
{
}

uint64_t machine_vector_length(uint64_t otherwise)
{
	return otherwise;
}

void machine_system_load(uint64_t seed)
{
	__asm__ volatile("msr tpidr_el0, %0" ::"r"(seed * 0x0000010001000100ULL));
}

uint64_t machine_system_check(uint64_t seed)
{
	uint64_t value;

	__asm__ volatile("mrs %0, tpidr_el0" : "=r"(value));
	return value != seed * 0x0000010001000100ULL;
}

void machine_system_restore(void)
{
}

bool machine_register(unsigned context, uint64_t line, bool write, uint64_t *value)
{
	uintptr_t at = (uintptr_t)image_system_registers + line * 16 + (write ? 8 : 0);

	*value = ((uint64_t (*)(uint64_t))at)(*value);
	return false;
}

uint64_t machine_disr_swap(uint64_t next)
{
	return 0;
}

uint64_t machine_keys(unsigned context, uint64_t expected, uint64_t next)
{
	uint64_t made;

	__asm__ volatile(".arch armv8.3-a\n\tpacga %0, %1, %1" : "=r"(made) : "r"(next));
	return made;
}

bool machine_touch(unsigned context, enum test_access access, uint64_t address, uint64_t *value)
{
	if (access == TEST_READ) {
		*value = image_read(address);
	} else if (access == TEST_WRITE) {
		image_write(address, *value);
	} else {
		image_execute(address);
	}
	return false;
}
