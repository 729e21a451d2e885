/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The machine of the host tests: fake RAM with security states, windows that cannot be used once they
 * are closed, partitions played by scripts, and a record of what the SPMC did to the machine. Translation
 * tables have the real format (arch/aarch64/table.c) and are walked by a second reading of the manual.
 *
 * Whatever a correct SPMC never does (a closed window used, a lock waited for by the only thread, a
 * context run on a PE while another still has its registers) stops the test like arch_stop() does.
 */
#ifndef ARCH_HOST_HOST_H
#define ARCH_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"

/* ---- the whole machine -------------------------------------------------------------------------- */

enum {
	HOST_IMAGE_BASE = 0x0e100000, /* the SPMC's image, as on QEMU's virt */
	HOST_IMAGE_PAGES = 512,
	HOST_POOL_PAGES = 384, /* at the image's end */
};

/** Cold start: no memory but the image, zeroed; nothing recorded; tables as by default (39 bits, FWB). */
void host_reset(void);

/**
 * Interrupts, timers and the time, as they are now, and back; not memory, PEs and contexts, which are the SPMC's.
 * @to  NULL: only the size of it.
 */
size_t host_save(void *to);
void host_restore(const void *from);

enum host_outcome {
	HOST_RETURNED, /* the function returned */
	HOST_ENDED, /* a script called host_end(), or the normal world's steps ran out */
	HOST_STOPPED, /* arch_stop() */
};

struct host_result {
	enum host_outcome outcome;
	const char *why; /* with HOST_STOPPED */
};

/** Runs @body(@argument) until it returns, a script ends it or the SPMC stops. */
struct host_result host_run(void (*body)(void *argument), void *argument);

/** Ends the host_run() this is part of; for scripts. */
_Noreturn void host_end(void);

/* ---- memory ------------------------------------------------------------------------------------- */

/** Adds zeroed RAM of @world at @range, where there is none yet. */
void host_memory_add(struct page_range range, enum world world);

/** Memory at @address as the machine has it, for tests and devices; NULL: there is no RAM. */
void *host_ram(paddr_t address);

/** Which world the RAM at @address belongs to; false: there is none. */
bool host_ram_world(paddr_t address, enum world *world);

/** Moves the RAM at @range to @world (as a granule transition does): accesses of the other one fail. */
void host_memory_move(struct page_range range, enum world world);

/** Pages zeroed with arch_zero() since host_reset(). */
uint64_t host_zeroed_pages(void);

/** True when no PE of @count, @stride bytes apart from @first, has a window open. */
bool host_windows_are_closed(const struct arch_pe *first, size_t stride, unsigned count);

/* ---- translation -------------------------------------------------------------------------------- */

/**
 * True when the contiguous hint of the entry with number @index in a table of @level is right: it has none, or
 * all of its group are live, alike and map memory in one piece. host_reach() stops where it is not.
 */
bool host_contiguous_is_right(const uint64_t *table, size_t index, unsigned level);

/**
 * What a PE's table walk finds for @address in @world's space of @root: a pointer into the RAM there.
 * NULL: translation or permission fault for any of @access (enum arch_map READ, WRITE, EXECUTE), or no
 * such RAM in the world that the walk ends in.
 */
void *host_reach(const struct arch_space_root *root, uint64_t address, enum world world,
		 unsigned access);

/** Copies as the partition of @context would, through its tables. False: it would have faulted. */
bool host_read(const struct arch_context *context, uint64_t address, enum world world, void *target,
	       size_t size);
bool host_write(const struct arch_context *context, uint64_t address, enum world world,
		const void *source, size_t size);

enum host_table_event_kind {
	HOST_TABLE_WRITE,
	HOST_TABLE_PUBLISH,
	HOST_TABLE_INVALIDATE,
};

/** What core/space.c did to a live table, in its order. */
struct host_table_event {
	enum host_table_event_kind kind;
	uint64_t *entry; /* WRITE */
	uint64_t before, after; /* WRITE */
	uint16_t id; /* INVALIDATE: VMID or ASID */
	enum world world; /* INVALIDATE */
	uint64_t address, page_count; /* INVALIDATE */
};

/** Calls @hook for every table event before it takes effect; NULL: no more. */
void host_table_hook(void (*hook)(const struct host_table_event *event, void *argument),
		     void *argument);

/** The last TLB invalidations by the calling thread, at most 256, oldest first. */
const struct host_table_event *host_tlb_log(size_t *count);
void host_tlb_log_clear(void);

/* ---- contexts ----------------------------------------------------------------------------------- */

/**
 * Plays a context: called whenever it runs, with the results of its last call in x0-x17. Leaves its next
 * call there and says why it stops.
 */
typedef struct arch_exit host_script(struct arch_context *context, void *argument);

/** Has @script play @context from now on, whatever it was reset to. */
void host_context_script(struct arch_context *context, host_script *script, void *argument);

/** Puts a program at @entry: contexts that are reset to start there are played by @script. */
void host_program(uint64_t entry, host_script *script, void *argument);

/** One step of a partition or of the normal world: what it calls with, and what it then gets. */
struct host_step {
	struct arch_exit exit;
	uint64_t x[18];
	uint64_t got[18]; /* filled in when the context runs again */
};

struct host_steps {
	struct host_step *steps;
	size_t count;
	size_t next; /* steps taken */
};

/**
 * Plays the struct host_steps that is the argument, one after the other. Behind the last one the normal
 * world ends the host_run(); a partition stops it.
 */
host_script host_steps;

/** For scripts: SMC of S-EL1 and the normal world, SVC of S-EL0; arguments are in the context's x. */
struct arch_exit host_call(const struct arch_context *context);

/** As host_call(), with @count arguments from @x and all else of x0-x17 zero. */
struct arch_exit host_call_with(struct arch_context *context, const uint64_t *x, size_t count);

/** For scripts: an interrupt comes while it runs; WFI. */
struct arch_exit host_irq(void);
struct arch_exit host_fiq(void);
struct arch_exit host_wait(void);

/** For scripts: the partition has written its timer @which (ARCH_TIMER_PHYSICAL, ...). */
struct arch_exit host_timer_write(struct arch_context *context, unsigned which, uint64_t compare,
				  uint32_t control);
/** For scripts: a fault that stops it for good. */
struct arch_exit host_fault(struct arch_context *context, const char *what, uint64_t address);

/* ---- PEs ---------------------------------------------------------------------------------------- */

/** The calling thread is the PE of @pe from now on, also before its arch_pe_init(). */
void host_pe_enter(struct arch_pe *pe);

/** What arch_mpidr() says on the calling thread. */
void host_pe_mpidr(uint64_t mpidr);

/** Several threads run as PEs: waiting for a lock is then no error. Until host_reset(). */
void host_allow_waiting(void);

/** Bytes of memory for a context with SVE; 0, as at first: the machine has none. */
extern size_t host_sve_size;

/* ---- the rest of the machine -------------------------------------------------------------------- */

/** All console output since host_reset(), NUL-terminated. */
const char *host_console(void);
void host_console_clear(void);

/** Answers the SMCs that the SPMC makes on its own behalf; NULL: x0 = NOT_SUPPORTED for all. */
void host_smc_handler(void (*handler)(uint64_t x[18], void *argument), void *argument);

/** Lets @ns nanoseconds pass; the counter has one tick for each. */
void host_time_advance(uint64_t ns);

/* ---- interrupts ---------------------------------------------------------------------------------
 * Every PE may call these. A secure interrupt is taken by its PE, or by the one that it is routed to, when it
 * is enabled; one that the SPMC has neither configured nor enabled nor disabled yet is taken by the PE on which
 * the test raised it. */

enum { HOST_PE_MAX = 32 }; /* PEs with interrupts: index below this */

/** An interrupt as the machine has it. */
struct host_interrupt {
	bool touched; /* configured, enabled or disabled since the start, or since its PE came up */
	bool enabled, secure, level;
	bool pending; /* latched, or its source is asserted */
	bool active;
	uint8_t priority; /* as given */
	uint64_t mpidr; /* of a shared one: where it is routed to */
	unsigned taken; /* times it was acknowledged */
};

/** The state of @intid; of a private one, that of @pe. */
struct host_interrupt host_interrupt(const struct arch_pe *pe, uint32_t intid);

/** The source of @intid signals once, on the calling PE or on @pe. ARCH_INTERRUPT_NONE: nothing pends here. */
void host_interrupt_raise(uint32_t intid);
void host_interrupt_raise_on(const struct arch_pe *pe, uint32_t intid);

/** Asserts or releases the source of @intid: by level it comes again until it is released. */
void host_interrupt_hold(uint32_t intid, bool asserted);

/** Makes a Group 0 interrupt pending; ARCH_INTERRUPT_NONE: none. */
void host_interrupt_raise_group0(uint32_t intid);

/** True when the SPMC has disabled @intid (of the calling PE). */
bool host_interrupt_is_masked(uint32_t intid);

/** What @pe would acknowledge now, or ARCH_INTERRUPT_NONE: whether a context on it gets an IRQ. */
uint32_t host_interrupt_line(const struct arch_pe *pe);

/** KICKs sent to @pe since host_reset(). */
unsigned host_kick_count(const struct arch_pe *pe);

/** Counter value that the timer of @pe is set to; ARCH_NEVER: stopped. Whether it asserts its interrupt. */
uint64_t host_timer_at(const struct arch_pe *pe);
bool host_timer_asserts(const struct arch_pe *pe);

#endif
