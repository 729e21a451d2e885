/* SPDX-License-Identifier: BSD-3-Clause */
/* The test partition's machine at S-EL1: its own abort handler steps over and reports. */
#include "partitions/test-image/image.h"

#define READ(name)                                                           \
	({                                                                   \
		uint64_t value_;                                             \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory"); \
		value_;                                                      \
	})
#define WRITE(name, value) \
	__asm__ volatile("msr " #name ", %0\n\tisb" ::"r"((uint64_t)(value)) : "memory")

/* The access under way in each context. */
static volatile uint64_t resume_at[PARTITION_MAX_CONTEXTS];

static unsigned current(void)
{
	return partition.context_count == 1 ? 0 : (unsigned)(READ(mpidr_el1) & 0xFF);
}

bool machine_is_el1(void)
{
	return true;
}

uint64_t machine_mpidr(void)
{
	return READ(mpidr_el1);
}

uint64_t machine_counter(void)
{
	return READ(cntvct_el0);
}

uint64_t machine_pending(void)
{
	return READ(isr_el1);
}

uint64_t machine_mask(uint64_t which)
{
	uint64_t before = READ(s3_0_c12_c12_7);

	if (which & TEST_MASK_PRIORITY) {
		WRITE(s3_0_c4_c6_0, 0);
	}
	if (which & TEST_MASK_GROUP) {
		WRITE(s3_0_c12_c12_7, 0);
	}
	return before;
}

void machine_simd_enable(void)
{
	WRITE(cpacr_el1, 3U << 20);
}

void machine_scalable_enable(void)
{
	WRITE(cpacr_el1, 3U << 20 | 3U << 16);
}

void machine_vector_length_set(uint64_t length)
{
	WRITE(s3_0_c1_c2_0, length); /* ZCR_EL1 */
}

uint64_t machine_vector_length(uint64_t otherwise)
{
	return READ(s3_0_c1_c2_0);
}

#define SYSTEM_REGISTERS(X)  \
	X(0, tpidr_el1)      \
	X(1, tpidr_el0)      \
	X(2, tpidrro_el0)    \
	X(3, afsr0_el1)      \
	X(4, afsr1_el1)      \
	X(5, contextidr_el1) \
	X(6, elr_el1)        \
	X(7, far_el1)        \
	X(8, ttbr1_el1)      \
	X(9, sp_el0)

static uint64_t held[PARTITION_MAX_CONTEXTS][16];

void machine_system_load(uint64_t seed)
{
	unsigned context = current();

	/* What a register does not implement reads back as it is: that is what must be kept. */
#define LOAD(number, name)                                      \
	WRITE(name, (seed + (number)) * 0x0000010001000100ULL); \
	held[context][number] = READ(name);
	SYSTEM_REGISTERS(LOAD)
}

uint64_t machine_system_check(uint64_t seed)
{
	unsigned context = current();
	uint64_t changed = 0;

#define COMPARE(number, name) \
	changed |= (uint64_t)(READ(name) != held[context][number]) << (number);
	SYSTEM_REGISTERS(COMPARE)
	return changed;
}

void machine_system_restore(void)
{
	WRITE(ttbr1_el1, 0);
}

bool machine_register(unsigned context, uint64_t line, bool write, uint64_t *value)
{
	volatile struct test_area *area = image_area(context);
	uint64_t before = area->fault_count;
	uintptr_t at = (uintptr_t)image_system_registers + line * 16 + (write ? 8 : 0);

	WRITE(cpacr_el1, 3U << 24 | 3U << 20 | 3U << 16); /* nothing is trapped to itself */
	resume_at[context] = at + 4;
	*value = ((uint64_t (*)(uint64_t))at)(*value);
	resume_at[context] = 0;
	return area->fault_count != before;
}

uint64_t machine_disr_swap(uint64_t next)
{
	uint64_t before = READ(s3_0_c12_c1_1); /* DISR_EL1 */

	WRITE(s3_0_c12_c1_1, next);
	return before;
}

bool machine_touch(unsigned context, enum test_access access, uint64_t address, uint64_t *value)
{
	volatile struct test_area *area = image_area(context);
	uint64_t before = area->fault_count;

	if (access == TEST_READ) {
		area->fault_expected_elr = (uintptr_t)image_read_at;
		resume_at[context] = (uintptr_t)image_read_at + 4;
		*value = image_read(address);
	} else if (access == TEST_WRITE) {
		area->fault_expected_elr = (uintptr_t)image_write_at;
		resume_at[context] = (uintptr_t)image_write_at + 4;
		image_write(address, *value);
		__asm__ volatile("dsb sy" ::: "memory");
	} else {
		area->fault_expected_elr = address;
		resume_at[context] = (uintptr_t)image_execute_return;
		image_execute(address);
	}
	resume_at[context] = 0;
	return area->fault_count != before;
}

bool partition_exception(struct partition_exception *frame)
{
	unsigned context = current();
	volatile struct test_area *area = image_area(context);

	area->fault_count++;
	area->fault_esr = frame->esr;
	area->fault_far = frame->far;
	area->fault_elr = frame->elr;
	area->fault_spsr = frame->spsr;
	if (resume_at[context] == 0) {
		return false;
	}
	frame->elr = resume_at[context];
	return true;
}
