/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rest of the host's machine: cold start and stop, console, time, SMCs to EL3.
 */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/table.h"
#include "arch/host/internal.h"

enum {
	CONSOLE_MAX = 1 << 16,
	READ_TIME_NS = 1000, /* each look at the clock takes that long */
};

/* A host_run() under way on this thread. */
struct run {
	jmp_buf back;
	struct run *outer;
};

static _Thread_local struct run *current_run;
static _Thread_local struct host_result run_result; /* of the run that ended last */
static _Thread_local char stop_text[256];

static struct {
	char console[CONSOLE_MAX];
	size_t console_size;
	void (*smc)(uint64_t x[18], void *argument);
	void *smc_argument;
	_Atomic uint64_t now_ns;
	_Atomic uint64_t random;
	bool waiting_allowed;
} machine;

void machine_reset(void)
{
	memset(&machine, 0, sizeof(machine));
	machine.random = UINT64_C(0x9e3779b97f4a7c15);
}

void host_reset(void)
{
	table_setup((struct table_format){ .forced_write_back = true, .first_level = 1 });
	machine_reset();
	memory_reset();
	translation_reset();
	context_reset();
	interrupts_reset();
}

size_t host_save(void *to)
{
	uint64_t now = machine.now_ns;

	if (to != NULL) {
		memcpy(to, &now, sizeof(now));
	}
	return sizeof(now) + interrupts_save(to == NULL ? NULL : (uint8_t *)to + sizeof(now));
}

void host_restore(const void *from)
{
	uint64_t now;

	memcpy(&now, from, sizeof(now));
	machine.now_ns = now;
	interrupts_restore((const uint8_t *)from + sizeof(now));
}

/* ---- stopping ----------------------------------------------------------------------------------- */

struct host_result host_run(void (*body)(void *argument), void *argument)
{
	struct run run = { .outer = current_run };

	current_run = &run;
	if (setjmp(run.back) == 0) {
		body(argument);
		run_result = (struct host_result){ .outcome = HOST_RETURNED };
	}
	current_run = run.outer;
	return run_result;
}

static _Noreturn void leave(enum host_outcome outcome, const char *why)
{
	if (current_run == NULL) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	run_result = (struct host_result){ .outcome = outcome, .why = why };
	longjmp(current_run->back, 1);
}

_Noreturn void host_end(void)
{
	leave(HOST_ENDED, "host: a script ended what no host_run() began");
}

_Noreturn void host_stop(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(stop_text, sizeof(stop_text), format, arguments);
	va_end(arguments);
	leave(HOST_STOPPED, stop_text);
}

_Noreturn void arch_stop(const char *why)
{
	host_stop("%s", why);
}

/* ---- console, time, chance ---------------------------------------------------------------------- */

void arch_console_write(const char *text, size_t size)
{
	size_t room = CONSOLE_MAX - 1 - machine.console_size;

	if (getenv("HOST_CONSOLE") != NULL) {
		fwrite(text, 1, size, stderr);
	}
	if (size > room) {
		size = room;
	}
	memcpy(machine.console + machine.console_size, text, size);
	machine.console_size += size;
	machine.console[machine.console_size] = '\0';
}

const char *host_console(void)
{
	return machine.console;
}

void host_console_clear(void)
{
	machine.console_size = 0;
	machine.console[0] = '\0';
}

uint64_t arch_time_ns(void)
{
	return atomic_fetch_add_explicit(&machine.now_ns, READ_TIME_NS, memory_order_relaxed);
}

/** Looking at the counter takes no time. */
uint64_t arch_counter(void)
{
	return atomic_load_explicit(&machine.now_ns, memory_order_relaxed);
}

uint64_t arch_ticks(uint64_t ns)
{
	return ns < ARCH_NEVER / 2 ? ns : ARCH_NEVER / 2;
}

void host_time_advance(uint64_t ns)
{
	atomic_fetch_add_explicit(&machine.now_ns, ns, memory_order_relaxed);
}

/** The same numbers after each host_reset() (splitmix64). */
uint64_t arch_random(void)
{
	uint64_t step = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = atomic_fetch_add_explicit(&machine.random, step, memory_order_relaxed);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

const char *arch_features(void)
{
	return "host";
}

/* ---- locks -------------------------------------------------------------------------------------- */

void host_allow_waiting(void)
{
	machine.waiting_allowed = true;
}

void arch_lock_wait(const _Atomic uint32_t *word, uint32_t value)
{
	if (!machine.waiting_allowed) {
		host_stop("host: the only thread waits for a lock");
	}
	/* acquire: as the contract says */
	while (atomic_load_explicit(word, memory_order_acquire) != value) {
		sched_yield();
	}
}

/* ---- EL3 ---------------------------------------------------------------------------------------- */

void host_smc_handler(void (*handler)(uint64_t x[18], void *argument), void *argument)
{
	machine.smc = handler;
	machine.smc_argument = argument;
}

void arch_smc(uint64_t x[18])
{
	if (machine.smc != NULL) {
		machine.smc(x, machine.smc_argument);
		return;
	}
	memset(x, 0, 18 * sizeof(x[0]));
	x[0] = UINT64_MAX; /* SMCCC: unknown */
}
