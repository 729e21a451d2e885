/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage 1 of an S-EL1 partition: identity map in pages, 39 bits. Image: text RX, read-only data, data.
 * Regions of the manifest with their attributes; non-secure ones with NS = 1, since secure and
 * non-secure addresses of a partition are different intermediate spaces.
 */
#include "sdk/arch.h"
#include "sdk/ffa.h"
#include "sdk/partition.h"

#define PAGE 4096U
#define TABLE_COUNT 24U

#define DESCRIPTOR_TABLE 0x3U
#define DESCRIPTOR_PAGE 0x3U
#define DESCRIPTOR_NORMAL (1U << 2) /* MAIR index 1 */
#define DESCRIPTOR_NS (1U << 5)
#define DESCRIPTOR_READ_ONLY (1U << 7)
#define DESCRIPTOR_INNER_SHAREABLE (3U << 8)
#define DESCRIPTOR_ACCESSED (1U << 10)
#define DESCRIPTOR_NEVER_EXECUTE (3ULL << 53)
#define DESCRIPTOR_ADDRESS 0x0000FFFFFFFFF000ULL

#define MAIR 0xFF00U /* 0: Device-nGnRnE, 1: Normal write-back */
#define TCR_39_BITS_INNER_WB 0x3519U
#define TCR_NO_TTBR1 (1U << 23)
#define TCR_40_BIT_OUTPUT (2ULL << 32)
#define SCTLR_ON 0x30D01985U /* RES1 bits, I, SA0, SA, C, M */

extern char __image_start[], __rodata_start[], __data_start[], __image_end[], _start[];

static uint64_t tables[TABLE_COUNT][512] __attribute__((aligned(4096)));
static unsigned tables_used = 1;
static uint32_t lock;
static bool translating;

static void lock_take(void)
{
	uint32_t busy;

	if (!translating) {
		return;
	}
	do {
		busy = __atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE);
	} while (busy != 0);
}

static void lock_drop(void)
{
	if (translating) {
		__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	}
}

static uint64_t *next_level(uint64_t *entry)
{
	if (*entry == 0) {
		if (tables_used == TABLE_COUNT) {
			return NULL;
		}
		*entry = (uint64_t)(uintptr_t)tables[tables_used++] | DESCRIPTOR_TABLE;
	}
	return (uint64_t *)(uintptr_t)(*entry & DESCRIPTOR_ADDRESS);
}

static void set_entry(uint64_t *entry, uint64_t descriptor)
{
	if (*entry == descriptor) {
		return;
	}
	if (*entry != 0) {
		/* Break before make. */
		*entry = 0;
		__asm__ volatile("dsb ishst\n\ttlbi vmalle1is\n\tdsb ish\n\tisb" ::: "memory");
	}
	*entry = descriptor;
	__asm__ volatile("dsb ishst\n\tisb" ::: "memory");
}

static bool map_page(uint64_t address, uint64_t attributes)
{
	uint64_t *level2 = next_level(&tables[0][address >> 30 & 511]);
	uint64_t *level3 = level2 != NULL ? next_level(&level2[address >> 21 & 511]) : NULL;

	if (level3 == NULL) {
		return false;
	}
	set_entry(&level3[address >> 12 & 511], address | attributes);
	return true;
}

bool partition_map(uint64_t base, uint64_t page_count, uint32_t attributes, bool device)
{
	uint64_t descriptor = DESCRIPTOR_PAGE | DESCRIPTOR_ACCESSED | DESCRIPTOR_INNER_SHAREABLE;
	bool mapped = true;

	if (!device) {
		descriptor |= DESCRIPTOR_NORMAL;
	}
	if ((attributes & REGION_NON_SECURE) != 0) {
		descriptor |= DESCRIPTOR_NS;
	}
	if ((attributes & REGION_WRITE) == 0) {
		descriptor |= DESCRIPTOR_READ_ONLY;
	}
	if ((attributes & REGION_EXECUTE) == 0) {
		descriptor |= DESCRIPTOR_NEVER_EXECUTE;
	}
	lock_take();
	for (uint64_t i = 0; mapped && i < page_count; i++) {
		mapped = map_page(base + i * PAGE, descriptor);
	}
	lock_drop();
	return mapped;
}

static void map_between(const char *start, const char *end, uint32_t attributes)
{
	(void)partition_map((uintptr_t)start, (uint64_t)(end - start) / PAGE, attributes, false);
}

static void map_bytes(uint64_t address, uint64_t size)
{
	uint64_t first = address & ~(uint64_t)(PAGE - 1);

	if (address != 0 && size != 0) {
		(void)partition_map(first, (address + size - first + PAGE - 1) / PAGE, REGION_READ,
				    false);
	}
}

static void translation_on(void)
{
	uint64_t tcr = TCR_39_BITS_INNER_WB | TCR_NO_TTBR1 | TCR_40_BIT_OUTPUT;

	__asm__ volatile("msr mair_el1, %0" ::"r"((uint64_t)MAIR));
	__asm__ volatile("msr tcr_el1, %0" ::"r"(tcr));
	__asm__ volatile("msr ttbr0_el1, %0" ::"r"((uint64_t)(uintptr_t)tables[0]));
	__asm__ volatile("dsb sy\n\tisb\n\ttlbi vmalle1\n\tic iallu\n\tdsb sy\n\tisb" ::: "memory");
	__asm__ volatile("msr sctlr_el1, %0\n\tisb" ::"r"((uint64_t)SCTLR_ON) : "memory");
}

void arch_map_partition(void)
{
	map_between(__image_start, __rodata_start, REGION_READ | REGION_EXECUTE);
	map_between(__rodata_start, __data_start, REGION_READ);
	map_between(__data_start, __image_end, REGION_READ | REGION_WRITE);
	map_bytes(partition.boot_info.address, partition.boot_info.blob_size);
	map_bytes(partition.boot_info.manifest, partition.boot_info.manifest_size);
	map_bytes(partition.boot_info.hob_list, partition.boot_info.hob_list_size);
	for (uint32_t i = 0; i < partition.region_count; i++) {
		const struct partition_region *region = &partition.region[i];

		(void)partition_map(region->base, region->page_count, region->attributes,
				    region->device);
	}
	translation_on();
	translating = true;
}

void arch_map_secondary(void)
{
	translation_on();
}

uint64_t arch_image_base(void)
{
	return (uintptr_t)__image_start;
}

enum ffa_status arch_register_secondary(void)
{
	return ffa_secondary_ep_register((uintptr_t)_start);
}
