/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * QEMU plugin: counts the instructions a machine executes, its PEs in one thread (-icount), by region of
 * addresses (every component has its own) and by kind, and per address in one window. The guest marks what is
 * measured (bench/mark.h); a measurement ends with its counts written to the output:
 *
 *   count SEQUENCE REGION ALL LOAD STORE SYSREG BARRIER TLBI CACHE ERET CALL EXCLUSIVE
 *   at SEQUENCE OFFSET COUNT        one line per address of the window, offset in hexadecimal
 *
 * SEQUENCE 0 is everything from reset to the boot mark, then measurements are numbered from 1.
 * Arguments: out=FILE, region=NAME:LOW:HIGH (repeatable, hexadecimal, the first that matches
 * counts), window=LOW:HIGH (repeatable: further places where the same code may run, of the same
 * size).
 */
#include "bench/mark.h"
#include "bench/plugin/qemu_plugin.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind {
	KIND_OTHER,
	KIND_LOAD,
	KIND_STORE,
	KIND_SYSREG,
	KIND_BARRIER,
	KIND_TLBI,
	KIND_CACHE,
	KIND_ERET,
	KIND_CALL,
	KIND_EXCLUSIVE,
	KIND_COUNT,
};

enum {
	REGION_MAX = 8,
	WINDOW_MAX = 2,
	INSTRUCTION_SIZE = 4,
};

struct region {
	char name[16];
	uint64_t low, high;
	uint64_t all;
	uint64_t of_kind[KIND_COUNT];
};

struct window {
	uint64_t low, high;
};

/** An instruction as translated: what to count when it runs. */
struct site {
	struct region *region;
	enum kind kind;
	uint32_t *address_count; /* NULL: outside the window */
};

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_API;

/* The one behind the last takes all other addresses. */
static struct region regions[REGION_MAX + 1];
static unsigned region_count;
static struct window windows[WINDOW_MAX];
static unsigned window_count;
static uint32_t *address_counts;
static unsigned sequence;
static FILE *out;

static size_t window_size(void)
{
	return window_count == 0 ? 0 : (size_t)(windows[0].high - windows[0].low);
}

static void reset(void)
{
	for (unsigned i = 0; i <= region_count; i++) {
		regions[i].all = 0;
		memset(regions[i].of_kind, 0, sizeof(regions[i].of_kind));
	}
	memset(address_counts, 0, window_size() / INSTRUCTION_SIZE * sizeof(*address_counts));
}

static void write_counts(unsigned number)
{
	for (unsigned i = 0; i <= region_count; i++) {
		const struct region *region = &regions[i];

		fprintf(out, "count %u %s %" PRIu64, number, region->name, region->all);
		for (unsigned c = KIND_LOAD; c < KIND_COUNT; c++) {
			fprintf(out, " %" PRIu64, region->of_kind[c]);
		}
		fprintf(out, "\n");
	}
	for (size_t i = 0; i < window_size() / INSTRUCTION_SIZE; i++) {
		if (address_counts[i] != 0) {
			fprintf(out, "at %u %zx %" PRIu32 "\n", number, i * INSTRUCTION_SIZE,
				address_counts[i]);
		}
	}
	fflush(out);
}

static void on_step(unsigned vcpu, void *argument)
{
	const struct site *site = argument;

	(void)vcpu;
	site->region->all++;
	site->region->of_kind[site->kind]++;
	if (site->address_count != NULL) {
		(*site->address_count)++;
	}
}

static void on_mark(unsigned vcpu, void *argument)
{
	(void)vcpu;
	switch ((uintptr_t)argument) {
	case MARK_START:
		reset();
		break;
	case MARK_STOP:
		write_counts(++sequence);
		break;
	case MARK_BOOT:
		write_counts(0);
		break;
	default:
		break;
	}
}

/** The system-instruction space, opcode 0xd5: op0 is bits [20:19], L bit 21, CRn bits [15:12]. */
static enum kind kind_of_system(uint32_t opcode)
{
	if ((opcode & 0xfffff000) == 0xd5033000) {
		return KIND_BARRIER;
	}
	if ((opcode & 0xfff80000) == 0xd5080000) {
		unsigned crn = opcode >> 12 & 15;

		return crn == 8 || crn == 9 ? KIND_TLBI : KIND_CACHE;
	}
	return (opcode & 0xffd00000) == 0xd5100000 ? KIND_SYSREG : KIND_OTHER;
}

static enum kind kind_of_load_or_store(uint32_t opcode)
{
	if ((opcode & 0x3f000000) == 0x08000000 || (opcode & 0x3b200c00) == 0x38200000) {
		return KIND_EXCLUSIVE; /* exclusive, acquire, release; LSE atomics */
	}
	if ((opcode & 0x3a000000) == 0x28000000) {
		return (opcode & 1U << 22) != 0 ? KIND_LOAD : KIND_STORE; /* pair */
	}
	if ((opcode & 0x3b000000) == 0x18000000) {
		return KIND_LOAD; /* literal */
	}
	if ((opcode & 0x3a000000) == 0x38000000) {
		return (opcode >> 22 & 3) != 0 ? KIND_LOAD : KIND_STORE;
	}
	return KIND_OTHER;
}

static enum kind kind_of(uint32_t opcode)
{
	if ((opcode & 0xffc00000) == 0xd5000000) {
		return kind_of_system(opcode);
	}
	if ((opcode & 0xfffff3ff) == 0xd69f03e0 || opcode == 0xd69f0bff || opcode == 0xd69f0fff) {
		return KIND_ERET;
	}
	if ((opcode & 0xffe00000) == 0xd4000000) {
		/* SVC, HVC, SMC */
		return (opcode & 0x1c) == 0 && (opcode & 3) != 0 ? KIND_CALL : KIND_OTHER;
	}
	return (opcode & 0x0a000000) == 0x08000000 ? kind_of_load_or_store(opcode) : KIND_OTHER;
}

static struct region *region_of(uint64_t address)
{
	unsigned i = 0;

	while (i < region_count && (address < regions[i].low || address >= regions[i].high)) {
		i++;
	}
	return &regions[i];
}

static uint32_t *address_count_of(uint64_t address)
{
	for (unsigned i = 0; i < window_count; i++) {
		if (address >= windows[i].low && address < windows[i].high) {
			return &address_counts[(address - windows[i].low) / INSTRUCTION_SIZE];
		}
	}
	return NULL;
}

/** Translated blocks come and go; their sites stay until the machine ends. */
static void count_instruction(struct qemu_plugin_insn *insn)
{
	uint64_t address = qemu_plugin_insn_vaddr(insn);
	struct site *site = malloc(sizeof(*site));
	uint32_t opcode = 0;

	if (site == NULL) {
		abort();
	}
	qemu_plugin_insn_data(insn, &opcode, sizeof(opcode));
	*site = (struct site){
		.region = region_of(address),
		.kind = kind_of(opcode),
		.address_count = address_count_of(address),
	};
	qemu_plugin_register_vcpu_insn_exec_cb(insn, on_step, QEMU_PLUGIN_CB_NO_REGS, site);
	if ((opcode & MARK_OPCODE_MASK) == MARK_OPCODE(0)) {
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)MARK_NUMBER(opcode));
	}
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		count_instruction(qemu_plugin_tb_get_insn(tb, i));
	}
}

static bool windows_are_alike(void)
{
	for (unsigned i = 1; i < window_count; i++) {
		if (windows[i].high - windows[i].low != window_size()) {
			return false;
		}
	}
	return true;
}

static bool read_argument(const char *argument)
{
	struct region *region = &regions[region_count];
	struct window *window = &windows[window_count];

	if (strncmp(argument, "out=", 4) == 0) {
		out = fopen(argument + 4, "w");
		return out != NULL;
	}
	if (strncmp(argument, "region=", 7) == 0 && region_count < REGION_MAX) {
		region_count++;
		return sscanf(argument + 7, "%15[^:]:%" SCNx64 ":%" SCNx64, region->name,
			      &region->low, &region->high) == 3;
	}
	if (strncmp(argument, "window=", 7) == 0 && window_count < WINDOW_MAX) {
		window_count++;
		return sscanf(argument + 7, "%" SCNx64 ":%" SCNx64, &window->low, &window->high) ==
		       2;
	}
	return false;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
					   int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!read_argument(argv[i])) {
			fprintf(stderr, "count: wrong argument %s\n", argv[i]);
			return 1;
		}
	}
	strcpy(regions[region_count].name, "other");
	address_counts = calloc(window_size() / INSTRUCTION_SIZE + 1, sizeof(*address_counts));
	if (out == NULL || address_counts == NULL || !windows_are_alike()) {
		fprintf(stderr, "count: no output file, windows of two sizes, or no memory\n");
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
