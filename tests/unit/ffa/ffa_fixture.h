/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the tests of ffa/ share: a system of partitions on the host's machine, driven call by call. A test
 * adds partitions, boots, then says what the context that runs on a PE does next; the SPMC serves it and
 * the test looks at who runs now and what it got.
 *
 * Every step is followed by the checks that hold always: call chains, owners of contexts, locks, windows;
 * a refused call has changed nothing; nobody's registers but those of who runs next were touched.
 */
#ifndef TESTS_UNIT_FFA_FFA_FIXTURE_H
#define TESTS_UNIT_FFA_FFA_FIXTURE_H

#include "abi/ffa.h"
#include "arch/host/host.h"
#include "core/spmc.h"
#include "tests/unit/unit.h"

enum {
	NW = 0x0000, /* the normal world */
	SP1 = 0x8001,
	SP2 = 0x8002,
	SP3 = 0x8003,
	SP4 = 0x8004,
	SP5 = 0x8005,
	SPMC = 0x8000,
	SPMD = 0xFFFF,

	SYSTEM_PES = 8,
	PARTITION_PAGES = 64, /* memory of each partition */
	NS_PAGES = 512, /* memory of the normal world */
};

#define NS_BASE UINT64_C(0x40000000)
#define NS_TX NS_BASE
#define NS_RX (NS_BASE + 0x1000)

/* Methods of a partition that does everything. */
#define ALL_METHODS                                                                               \
	(FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND | FFA_PROPERTY_INDIRECT | \
	 FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND)

/* ---- building ----------------------------------------------------------------------------------- */

/** Forgets any earlier system. The machine has RAM for the image, the partitions and the normal world. */
void system_reset(void);

/**
 * Adds partition @id (0x8001...) of kind @instance (S1MP, S1UP, S0): FF-A 1.2, all methods, one service.
 * The result may be changed until system_build().
 */
struct partition_config *system_add(uint16_t id, enum instance instance);

/** The configuration of @id, which may be changed until system_build(). */
struct partition_config *config_of(uint16_t id);

/** The normal world has more memory, at @range, that nothing of is there; any time. */
void system_ns_memory(struct page_range range);

/** The normal world has a device at @range; any time. */
void system_ns_device(struct page_range range);

/** Builds the partitions for a machine of @pe_count PEs; nothing has run yet. */
void system_build(unsigned pe_count);

/** Begins the start on PE 0: the first partition in boot order runs its start-up code, or nobody is there. */
void system_begin(void);

/** Lets whoever starts on this PE say FFA_MSG_WAIT until the normal world runs. */
void system_finish_start(void);

/** All of the above behind system_add(), and all PEs up. */
void system_boot(unsigned pe_count);

/** SP1 and SP2: S-EL1 MP; SP3: S-EL1 UP; SP4: S-EL0; booted. */
void system_boot_usual(unsigned pe_count);

/** PE @pe comes (back) up and starts its contexts; the test is on it afterwards. */
void power_on(unsigned pe);

/** As power_on() up to the first context's start-up code. */
void power_on_begin(unsigned pe);

/** The SPMD relays the normal world's CPU_OFF on this PE; the PE is then off. */
void power_off(void);

/** This PE has answered the SPMD's CPU_OFF: it is off. */
void pe_is_off(void);

/**
 * What steps change, as it is now, and back: for searches. Not memory of partitions and tables; neither is what
 * was logged, which is forgotten. @moment NULL: a new one.
 */
struct system_moment *system_save(struct system_moment *moment);
void system_restore(const struct system_moment *moment);

/** Steps no longer check that refused calls have changed nothing, which takes longest. */
void check_refusals(bool wanted);

/* ---- looking ------------------------------------------------------------------------------------ */

struct spmc *the_spmc(void);
struct pe *this_pe(void);
bool pe_is_on(unsigned pe);
void pe_set_on(unsigned pe, bool on);

/** Bytes of the pool's memory, from its beginning, that the SPMC's arrays take. */
size_t arrays_size(void);

struct partition *partition_of(uint16_t id);

/** Context of @id (NW: the normal world) that serves PE @pe. */
struct exec_ctx *context_of(uint16_t id, unsigned pe);
enum ctx_state state_of(uint16_t id, unsigned pe);

/** Who runs on this PE. */
uint16_t running(void);

/** x0-x17 of who runs on this PE. */
const uint64_t *registers(void);

/** Addresses in the memory of partition @id. */
uint64_t base_of(uint16_t id);
uint64_t tx_of(uint16_t id);
uint64_t rx_of(uint16_t id);

/** Writes to translation tables since system_reset(). */
uint64_t table_writes(void);

/** Sum over everything that a refused call must not change; the caller's registers are not in it. */
uint64_t fingerprint(const struct exec_ctx *caller);

/** Sum over what is in RX buffers that are the SPMC's: only a call whose buffers vanish may change it. */
uint64_t fingerprint_of_empty_buffers(void);

/** Whether the next calls, though refused, may give pages back: a fragment that ends its transaction does. */
void expect_refusal_to_free_pages(bool expected);

/* ---- steps -------------------------------------------------------------------------------------- */

/** PE that the next steps happen on. */
void on_pe(unsigned pe);

/** @who, which runs on this PE, calls with x0... given; the rest of x0-x7 is zero, x8-x17 are odd values. */
void call_with(uint16_t who, const uint64_t *x, size_t count);
#define CALL(who, ...)                                    \
	call_with(who, (const uint64_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)

/** As CALL() for ABIs of x0-x17: the rest of all of them is zero. */
void call_wide_with(uint16_t who, const uint64_t *x, size_t count);
#define CALL_WIDE(who, ...)                                    \
	call_wide_with(who, (const uint64_t[]){ __VA_ARGS__ }, \
		       sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)

/** As CALL(), with the conduit named. */
void call_through(enum arch_conduit conduit, const uint64_t *x, size_t count);
#define CALL_THROUGH(conduit, ...)                               \
	call_through(conduit, (const uint64_t[]){ __VA_ARGS__ }, \
		     sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8)

/** Other ends of what runs on this PE. */
void fiq(void);
void irq(void);

/** Who runs is about to run: what has waited for that is done, somebody else may run then. */
void turn(void);
void wait_for_interrupt(void);

/** Who runs writes its timer @which; write_timer(): enabled, not masked. */
void write_timer(unsigned which, uint64_t compare);
void write_timer_control(unsigned which, uint64_t compare, uint32_t control);
void fault(const char *what, uint64_t address);

/* What the context of @who on this PE, which runs now, got: x0... as given, the rest of x1-x7 zero, and
 * x8-x17 as it left them. */
void check_got(uint16_t who, const uint64_t *x, size_t count, bool wide, const char *file,
	       int line);
#define CHECK_GOT(who, ...)                               \
	check_got(who, (const uint64_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8, false, __FILE__, __LINE__)
/** As CHECK_GOT() for ABIs of x0-x17: the rest of x1-x17 is zero. */
#define CHECK_GOT_WIDE(who, ...)                          \
	check_got(who, (const uint64_t[]){ __VA_ARGS__ }, \
		  sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8, true, __FILE__, __LINE__)

#define CODE(status) ((uint32_t)(status))
#define CHECK_REFUSED(who, status) CHECK_GOT(who, FFA_ERROR_32, 0, CODE(status))
#define CHECK_REFUSED_WIDE(who, status) CHECK_GOT_WIDE(who, FFA_ERROR_32, 0, CODE(status))
#define CHECK_SUCCESS(who) CHECK_GOT(who, FFA_SUCCESS_32)

/* Every step does these: the invariants of the whole system hold; since they were noted, nobody's registers
 * have changed but x0-x17 of who runs now. */
void check_invariants(void);
void note_registers(void);
void check_registers_kept(void);

/* ---- everyday sequences ------------------------------------------------------------------------- */

/** @who maps the usual buffers: one page each. */
void map_rxtx(uint16_t who);

/** The caller's next context is entered with a direct request, 32-bit, without payload. */
void request(uint16_t from, uint16_t to);
void respond(uint16_t from, uint16_t to);

/** The version of the normal world, through the SPMD's message. */
void nw_version(uint32_t version);

#endif
