/* SPDX-License-Identifier: BSD-3-Clause */
/* See fixture.h. */
#include "normal-world/tests/fixture.h"

#include "abi/smccc.h"

#define AREA_BASE 0x4E000000UL
#define CALL_TIMEOUT 20000000U
#define PATTERN(i) (0xA5C3000000005A00ULL + 0x0101000000000001ULL * (i))

#define METHODS_1_2                                                       \
	(FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND | \
	 FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND)
#define METHODS_1_1 (FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND)
#define UUID(n)                                                                        \
	{                                                                              \
		{                                                                      \
			0x7E570000U + (n), 0x4A7B11EEU, 0x8F3C9D20U, 0x5B6E0A40U + (n) \
		}                                                                      \
	}

/* As the manifests in partitions/t-* and systems/test.toml say. */
static const struct subject test_subjects[] = {
	{ SP_MP1, FFA_VERSION_1_2, 8, true, METHODS_1_2, 0x0E300000, UUID(1) },
	{ SP_MP2, FFA_VERSION_1_1, 8, true, METHODS_1_1, 0x0E500000, UUID(3) },
	{ SP_UP, FFA_VERSION_1_2, 1, true, METHODS_1_2, 0x0E700000, UUID(5) },
	{ SP_UP0, FFA_VERSION_1_0, 1, true, METHODS_1_1, 0x0E800000, UUID(6) },
	{ SP_EL0, FFA_VERSION_1_2, 1, false, METHODS_1_2, 0x0E900000, UUID(7) },
	{ SP_EL0B, FFA_VERSION_1_1, 1, false, FFA_PROPERTY_DIRECT_REQ_RECEIVE, 0x0EA00000,
	  UUID(8) },
};

uint8_t client_tx[4096] __attribute__((aligned(4096)));
uint8_t client_rx[4096] __attribute__((aligned(4096)));
uint8_t client_spare[2 * 4096] __attribute__((aligned(4096)));

const struct subject *subjects = test_subjects;
unsigned subject_count = sizeof(test_subjects) / sizeof(test_subjects[0]);

void fixture_use(const struct subject *table, unsigned count)
{
	subjects = table;
	subject_count = count;
}

const struct subject *subject_of(uint16_t id)
{
	FOR_EACH_SUBJECT(subject)
	{
		if (subject->id == id) {
			return subject;
		}
	}
	test_fail(__FILE__, __LINE__, "a partition of the test system", id, 0);
}

void fixture_prepare(void)
{
	static bool prepared;

	if (!prepared) {
		prepared = true;
		(void)ffa_version(FFA_VERSION_1_2);
	}
	for (unsigned pe = 1; pe < pe_count; pe++) {
		if (!pes[pe].online) {
			CHECK_EQ(pe_start(pe), PSCI_SUCCESS);
		}
	}
	FOR_EACH_SUBJECT(subject)
	{
		for (unsigned pe = 0; pe < pe_count; pe++) {
			area_on(subject->id, pe)->stop = 0;
		}
	}
}

/** Lets everything that was left preempted or blocked on this PE come to its end. */
static void drain(void *unused)
{
	for (unsigned round = 0; round < 4; round++) {
		FOR_EACH_SUBJECT(subject)
		{
			struct ffa_regs regs = {
				{ (uint32_t)FFA_RUN_32,
				  FFA_TARGET(subject->id, context_on(subject->id, pe_index())) }
			};

			area_of(subject->id)->stop = 1;
			ffa_call(&regs);
			interrupts_enable();
			interrupts_disable();
		}
	}
}

void fixture_clean_up(bool failed)
{
	(void)ffa_rx_release();
	(void)ffa_rxtx_unmap();
	for (unsigned pe = 0; failed && pe < pe_count; pe++) {
		if (pes[pe].online && pe_wait(pe, 100000)) {
			(void)pe_call(pe, drain, NULL);
		}
	}
}

static bool wide_direct_messages;

void fixture_expect_wide_direct_messages(void)
{
	wide_direct_messages = true;
}

/** Whether x8-x17 are arguments or results of @function. */
static bool is_extended(uint64_t function)
{
	switch (FFA_FID_NUMBER(function)) {
	case FFA_FID_NUMBER(FFA_CONSOLE_LOG_64):
	case FFA_FID_NUMBER(FFA_PARTITION_INFO_GET_REGS_64):
	case FFA_FID_NUMBER(FFA_MSG_SEND_DIRECT_REQ2_64):
	case FFA_FID_NUMBER(FFA_MSG_SEND_DIRECT_RESP2_64):
		return (function & FFA_FID_SMC64) != 0;
	case FFA_FID_NUMBER(FFA_MSG_SEND_DIRECT_REQ_64):
	case FFA_FID_NUMBER(FFA_MSG_SEND_DIRECT_RESP_64):
		return wide_direct_messages && (function & FFA_FID_SMC64) != 0;
	default:
		return false;
	}
}

/** Whether an extended result may come back, whatever was called. */
static bool may_answer_extended(uint64_t function, uint64_t result)
{
	return is_extended(function) || is_extended(result);
}

static void load_patterns(uint64_t x[31], const struct ffa_regs *regs)
{
	bool extended = is_extended(regs->x[0]);

	for (unsigned i = 0; i < 31; i++) {
		if (i < 8 || (i < 18 && extended)) {
			x[i] = regs->x[i];
		} else {
			x[i] = PATTERN(i);
		}
	}
	/* The 64-bit forms may check that x8-x17 are zero. */
	for (unsigned i = 8; i < 18 && !extended && (regs->x[0] & FFA_FID_SMC64) != 0; i++) {
		x[i] = regs->x[i];
	}
}

static struct ffa_regs check_patterns(const uint64_t before[31], const uint64_t after[31],
				      const char *file, int line)
{
	struct ffa_regs regs;

	for (unsigned i = 0; i < 18; i++) {
		regs.x[i] = after[i];
	}
	for (unsigned i = may_answer_extended(before[0], after[0]) ? 18 : 8; i < 31; i++) {
		if (after[i] != before[i]) {
			test_note("call %lx changed x%u, answer %lx %lx %lx", before[0], i,
				  after[0], after[1], after[2]);
			test_fail(file, line, "a register the call must keep", after[i], before[i]);
		}
	}
	return regs;
}

struct ffa_regs fixture_call(struct ffa_regs regs, const char *file, int line)
{
	struct ffa_all_regs all;
	uint64_t before[31];

	load_patterns(before, &regs);
	for (unsigned i = 0; i < 31; i++) {
		all.x[i] = before[i];
	}
	ffa_call_all_smc(&all);
	return check_patterns(before, all.x, file, line);
}

struct ffa_regs fixture_call_by(uint16_t id, enum ffa_conduit conduit, struct ffa_regs regs,
				const char *file, int line)
{
	volatile struct test_area *area = area_of(id);
	uint64_t before[31], after[31];

	load_patterns(before, &regs);
	area->call_conduit = conduit;
	for (unsigned i = 0; i < 31; i++) {
		area->call_in[i] = before[i];
	}
	(void)fixture_command(id, TEST_CALL, 0, 0, 0, 0, file, line);
	for (unsigned i = 0; i < 31; i++) {
		after[i] = area->call_out[i];
	}
	return check_patterns(before, after, file, line);
}

void fixture_check_zero(const struct ffa_regs *regs, unsigned first, const char *file, int line)
{
	for (unsigned i = first; i < 8; i++) {
		if (regs->x[i] != 0) {
			test_note("x%u of answer %lx is not zero", i, regs->x[0]);
			test_fail(file, line, "a register without meaning", regs->x[i], 0);
		}
	}
}

unsigned context_on(uint16_t id, unsigned pe)
{
	return subject_of(id)->context_count == 1 ? 0 : pe;
}

volatile struct test_area *area_on(uint16_t id, unsigned pe)
{
	uint64_t address = AREA_BASE + (uint64_t)(id & 0xFF) * 0x10000 +
			   (uint64_t)context_on(id, pe) * 0x1000;

	return (volatile struct test_area *)address;
}

volatile struct test_area *area_of(uint16_t id)
{
	return area_on(id, pe_index());
}

struct ffa_regs command_call(uint16_t id, uint64_t command, uint64_t a, uint64_t b, uint64_t c,
			     uint64_t d)
{
	return (struct ffa_regs){ { (uint32_t)FFA_MSG_SEND_DIRECT_REQ_64,
				    FFA_ENDPOINTS(FFA_ID_NORMAL_WORLD, id), 0, command, a, b, c,
				    d } };
}

bool is_answer(const struct ffa_regs *regs, uint16_t id)
{
	return regs->x[0] == (uint32_t)FFA_MSG_SEND_DIRECT_RESP_64 &&
	       regs->x[1] == FFA_ENDPOINTS(id, FFA_ID_NORMAL_WORLD) && regs->x[2] == 0;
}

struct ffa_regs fixture_command(uint16_t id, uint64_t command, uint64_t a, uint64_t b, uint64_t c,
				uint64_t d, const char *file, int line)
{
	struct ffa_regs regs = fixture_call(command_call(id, command, a, b, c, d), file, line);

	if (!is_answer(&regs, id)) {
		test_note("command %lx to %x: %lx %lx %lx", command, id, regs.x[0], regs.x[1],
			  regs.x[2]);
		test_fail(file, line, "a direct response", regs.x[0] << 32 | (uint32_t)regs.x[2],
			  (uint64_t)(uint32_t)FFA_MSG_SEND_DIRECT_RESP_64 << 32);
	}
	if (regs.x[3] != TEST_DONE) {
		test_note("command %lx to %x: x4 %lx x5 %lx", command, id, regs.x[4], regs.x[5]);
		test_fail(file, line, "result of a command", regs.x[3], TEST_DONE);
	}
	return regs;
}

bool answers_echo(uint16_t id)
{
	uint64_t word = 0x1234567800000000ULL | id;
	struct ffa_regs regs = command_call(id, TEST_ECHO, word, 1, 2, 3);

	ffa_call(&regs);
	if (!is_answer(&regs, id)) {
		test_note("%x answers %lx %lx %lx", id, regs.x[0], regs.x[1], regs.x[2]);
	}
	return is_answer(&regs, id) && regs.x[3] == TEST_DONE && regs.x[4] == ~word;
}

void on_pe(unsigned pe, pe_function function, void *argument)
{
	CHECK(pe_call(pe, function, argument));
	test_stop_if_failed();
}

void on_each_pe(pe_function function, void *argument)
{
	for (unsigned pe = 0; pe < pe_count; pe++) {
		on_pe(pe, function, argument);
	}
}

void wait_for_pe(unsigned pe)
{
	CHECK(pe_wait(pe, CALL_TIMEOUT));
	test_stop_if_failed();
}

void on_all_pes(pe_function function, void *argument)
{
	for (unsigned pe = 1; pe < pe_count; pe++) {
		pe_post(pe, function, argument);
	}
	function(argument);
	for (unsigned pe = 1; pe < pe_count; pe++) {
		CHECK(pe_wait(pe, CALL_TIMEOUT));
	}
	test_stop_if_failed();
}

void map_buffers(void)
{
	CHECK_SUCCESS(FFA(FFA_RXTX_MAP_64, (uintptr_t)client_tx, (uintptr_t)client_rx, 1));
}

uint64_t random_next(uint64_t *state)
{
	/* splitmix64 */
	uint64_t z = *state += 0x9E3779B97F4A7C15ULL;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
	return z ^ z >> 31;
}
