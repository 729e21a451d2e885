/* SPDX-License-Identifier: BSD-3-Clause */
/* Between the files of the test partition. */
#ifndef PARTITIONS_TEST_IMAGE_IMAGE_H
#define PARTITIONS_TEST_IMAGE_IMAGE_H

#include "partitions/test-image/protocol.h"
#include "sdk/partition.h"

/** The area of a context. */
volatile struct test_area *image_area(unsigned context);

/** The page it offers for tests of permissions and accesses, and its buffers. */
extern uint8_t image_data_page[4096];
extern uint8_t image_tx[TEST_BUFFER_PAGES * 4096], image_rx[TEST_BUFFER_PAGES * 4096];
/** Those that are mapped: its own, or the regions "tx" and "rx" of the manifest. */
uint8_t *image_tx_buffer(void);
const uint8_t *image_rx_buffer(void);

/** Calls of init.c. */
void init_calls(void);
const struct test_init_state *init_state(void);
uint64_t init_started_at(void);

/** Runs @command with x[0..3] = x4-x7 (REQ2: x5-x8); returns x3 and leaves the results. */
uint64_t commands_run(unsigned context, uint32_t function, uint64_t command, uint64_t x[4]);

/** Issues area.call_in, as TEST_CALL does. */
void command_call(volatile struct test_area *area);

/** exchange.c: TEST_EXCHANGE. */
void exchange_messages(unsigned context, volatile struct test_area *area);

/** interrupts.c: the commands about interrupts; TEST_UNKNOWN: it is none of them. */
uint64_t interrupt_command(unsigned context, uint64_t command, uint64_t x[4]);
/** Where the manifest has a region "clock": a timer that expires in the start, and one that does in another one's. */
void interrupts_at_start(void);
/** A managed exit has come: the command is to end. */
bool interrupt_asks_to_leave(unsigned context);

/** vector_commands.c: TEST_VECTORS. */
uint64_t vectors_command(unsigned context, uint64_t expected, uint64_t next, bool spin);

/** memory.c: TEST_MEMORY; a status of FF-A. */
enum ffa_status memory_command(volatile struct test_area *area, uint64_t call);

/* The machine: s-el1/ and s-el0/. */

bool machine_is_el1(void);
uint64_t machine_mpidr(void);
uint64_t machine_counter(void);
uint64_t machine_pending(void); /* ISR_EL1 */
void machine_simd_enable(void);

/** Masks interrupts, enum test_mask; -> ICC_IGRPEN1_EL1 before. */
uint64_t machine_mask(uint64_t which);

/** Opens SVE to itself, at its own level. */
void machine_scalable_enable(void);
/** The length of vectors as the command's seeds have it; S-EL0 has no say. */
void machine_vector_length_set(uint64_t length);
uint64_t machine_vector_length(uint64_t otherwise);

/** Writes a pattern made of @seed to the system registers it owns; says which no longer hold it. */
void machine_system_load(uint64_t seed);
uint64_t machine_system_check(uint64_t seed);
void machine_system_restore(void);

/** Tries line @line of system_registers.def. True: it was undefined; that ends an S-EL0 partition. */
bool machine_register(unsigned context, uint64_t line, bool write, uint64_t *value);
uint64_t machine_disr_swap(uint64_t next);

/** The keys of pointer authentication that @expected gave it, and what it signed with them; then those of @next. */
uint64_t machine_keys(unsigned context, uint64_t expected, uint64_t next);

/** An access that may abort. True: it did, and the area says how. */
bool machine_touch(unsigned context, enum test_access access, uint64_t address, uint64_t *value);

/* asm.S */

/** Spins until *@stop is not 0 or @limit rounds are done, x3-x30 full of patterns; what changed, as bits. */
uint64_t image_keep_registers(volatile const uint64_t *stop, uint64_t limit);
void image_simd_load(uint64_t pattern);
uint64_t image_simd_check(uint64_t pattern);
uint64_t image_read(uint64_t address);
void image_write(uint64_t address, uint64_t value);
void image_execute(uint64_t address);
void image_undefined(void);
extern char image_read_at[], image_write_at[], image_execute_return[];

/* system_registers.S: 16 bytes for each line of system_registers.def, read and write; both return. */
extern const char image_system_registers[];

#endif
