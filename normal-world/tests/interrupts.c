/* SPDX-License-Identifier: BSD-3-Clause */
/* See interrupts.h. */
#include "normal-world/tests/interrupts.h"

#define METHODS                                                           \
	(FFA_PROPERTY_DIRECT_REQ_RECEIVE | FFA_PROPERTY_DIRECT_REQ_SEND | \
	 FFA_PROPERTY_DIRECT_REQ2_RECEIVE | FFA_PROPERTY_DIRECT_REQ2_SEND)
#define UUID(n)                                                                        \
	{                                                                              \
		{                                                                      \
			0x7E5700A0U + (n), 0x4A7B11EEU, 0x8F3C9D20U, 0x5B6E0AA0U + (n) \
		}                                                                      \
	}
#define SEEN_TIMEOUT 1000000U

struct line {
	uint16_t id;
	uint32_t intid;
};

/* As the manifests in partitions/i-* and systems/interrupts.toml say. */
static const struct subject interrupts_subjects[] = {
	{ I_HAND, FFA_VERSION_1_2, 8, true, METHODS, 0x0E300000, UUID(1) },
	{ I_MP, FFA_VERSION_1_2, 8, true, METHODS, 0x0E400000, UUID(2) },
	{ I_UP, FFA_VERSION_1_2, 1, true, METHODS, 0x0E500000, UUID(3) },
	{ I_EL0, FFA_VERSION_1_2, 1, false, METHODS, 0x0E600000, UUID(4) },
	{ I_EXIT, FFA_VERSION_1_2, 8, true, METHODS, 0x0E700000, UUID(5) },
	{ I_EXIT_IRQ, FFA_VERSION_1_2, 1, true, METHODS, 0x0E800000, UUID(6) },
	{ I_QUEUE, FFA_VERSION_1_2, 1, true, METHODS, 0x0E900000, UUID(7) },
	{ I_SRI, FFA_VERSION_1_2, 1, true, METHODS, 0x0EA00000, UUID(8) },
};

/* Interrupts that their owners have to enable; those of S-EL0 are from the start. */
static const struct line interrupts_lines[] = {
	{ I_MP, UART },          { I_MP, MP_LINE },     { I_MP, MP_LINE + 1 },
	{ I_MP, MP_LINE + 2 },   { I_UP, GPIO },        { I_UP, UP_LINE },
	{ I_UP, UP_LINE + 1 },   { I_EXIT, EXIT_LINE }, { I_EXIT_IRQ, EXIT_IRQ_LINE },
	{ I_QUEUE, QUEUE_LINE }, { I_SRI, SRI_LINE },
};

/* As those in partitions/b-* and systems/budgets.toml say; the two that hang are left out. */
static const struct subject budgets_subjects[] = {
	{ I_HAND, FFA_VERSION_1_2, 8, true, METHODS, 0x0E300000, UUID(1) },
	{ B_SHORT, FFA_VERSION_1_2, 8, true, METHODS, 0x0E400000, UUID(0x12) },
	{ B_SHORT_EL0, FFA_VERSION_1_2, 1, false, METHODS, 0x0E500000, UUID(0x13) },
	{ B_SRI_WAIT, FFA_VERSION_1_2, 1, true, METHODS, 0x0E800000, UUID(0x16) },
	{ B_SRI_BEFORE, FFA_VERSION_1_2, 1, true, METHODS, 0x0E900000, UUID(0x17) },
	{ B_EXIT, FFA_VERSION_1_2, 1, true, METHODS, 0x0EA00000, UUID(0x18) },
};

static const struct line budgets_lines[] = {
	{ B_SHORT, UART },
	{ B_SHORT, SHORT_LINE },
	{ B_SHORT, SHORT_LINE + 1 },
	{ B_SRI_WAIT, SRI_WAIT_LINE },
	{ B_SRI_BEFORE, SRI_BEFORE_LINE },
	{ B_EXIT, B_EXIT_LINE },
};

static const struct line *lines;
static unsigned line_count;

/* ---- before and after ------------------------------------------------------------------------------- */

static void forget(uint16_t id, unsigned pe)
{
	volatile struct test_area *area = area_on(id, pe);

	area->stop = 0;
	area->progress = 0;
	area->interrupts = 0;
	area->virqs = 0;
	area->run_count = 0;
	area->forward_denied = 0;
	area->irq.action = 0;
	area->irq.left = 0;
	for (unsigned i = 0; i < TEST_SEEN_MAX; i++) {
		area->irq.seen[i].id = 0;
		area->irq.seen[i].count = 0;
		area->irq.seen[i].how = 0;
	}
	for (unsigned i = 0; i < 2; i++) {
		area->irq.timer[i].expiries = 0;
		area->irq.timer[i].spurious = 0;
	}
}

static void open_here(uint16_t id)
{
	(void)COMMAND(id, TEST_VIRQS, 1, 0, 0, 0);
	CHECK_EQ(paravirt(id, PARAVIRT_INTERRUPT_ENABLE, PARAVIRT_TIMER, 1, PARAVIRT_IRQ), 0);
	CHECK_EQ(paravirt(id, PARAVIRT_INTERRUPT_ENABLE, PARAVIRT_IPI, 1, PARAVIRT_IRQ), 0);
	for (unsigned i = 0; i < line_count; i++) {
		if (lines[i].id == id) {
			CHECK_EQ(paravirt(id, PARAVIRT_INTERRUPT_ENABLE, lines[i].intid, 1,
					  PARAVIRT_IRQ),
				 0);
		}
	}
}

void interrupts_open_here(void)
{
	FOR_EACH_SUBJECT(subject)
	{
		if (subject->el1 && (subject->context_count > 1 || pe_index() == 0)) {
			open_here(subject->id);
		}
	}
}

void interrupts_forget(void)
{
	FOR_EACH_SUBJECT(subject)
	{
		for (unsigned pe = 0; pe < pe_count; pe++) {
			forget(subject->id, pe);
		}
	}
}

static void open_on(void *unused)
{
	interrupts_open_here();
}

static void prepare(void)
{
	test_boot_anew_after_failure();
	fixture_prepare();
	interrupts_forget();
	on_each_pe(open_on, NULL);
}

void interrupts_prepare(void)
{
	fixture_use(interrupts_subjects,
		    sizeof(interrupts_subjects) / sizeof(interrupts_subjects[0]));
	lines = interrupts_lines;
	line_count = sizeof(interrupts_lines) / sizeof(interrupts_lines[0]);
	prepare();
}

void budgets_use(void)
{
	fixture_use(budgets_subjects, sizeof(budgets_subjects) / sizeof(budgets_subjects[0]));
	lines = budgets_lines;
	line_count = sizeof(budgets_lines) / sizeof(budgets_lines[0]);
}

void budgets_prepare(void)
{
	budgets_use();
	prepare();
}

static void check_here(void *unused)
{
	CHECK_ALL_ALIVE_BUT(0);
	check_no_interrupt();
	CHECK_EQ(priority_mask(), PRIORITY_MASK_OPEN);
}

void interrupts_check_clean(void)
{
	FOR_EACH_SUBJECT(subject)
	{
		for (unsigned pe = 0; pe < pe_count; pe++) {
			area_on(subject->id, pe)->irq.action = 0;
			CHECK_EQ(area_on(subject->id, pe)->irq.timer[0].spurious, 0);
		}
	}
	on_each_pe(check_here, NULL);
	CHECK_ERROR(FFA(FFA_NOTIFICATION_INFO_GET_64), FFA_NO_DATA);
}

/* ---- what partitions see ---------------------------------------------------------------------------- */

uint64_t paravirt(uint16_t id, uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3)
{
	return COMMAND(id, TEST_PARAVIRT, function, x1, x2, x3).x[4];
}

const volatile struct test_seen *seen_on(uint16_t id, unsigned pe, uint32_t intid)
{
	volatile struct test_area *area = area_on(id, pe);

	for (unsigned i = 0; i < TEST_SEEN_MAX; i++) {
		if (area->irq.seen[i].id == intid) {
			return &area->irq.seen[i];
		}
	}
	return NULL;
}

uint64_t times_seen_on(uint16_t id, unsigned pe, uint32_t intid)
{
	const volatile struct test_seen *seen = seen_on(id, pe, intid);

	return seen == NULL ? 0 : seen->count;
}

uint64_t times_seen(uint16_t id, uint32_t intid)
{
	return times_seen_on(id, pe_index(), intid);
}

void wait_until_seen(uint16_t id, unsigned pe, uint32_t intid, uint64_t count)
{
	uint64_t start = time_now();

	while (times_seen_on(id, pe, intid) < count && time_now() - start < SEEN_TIMEOUT) {
		/* comes */
	}
	CHECK_EQ(times_seen_on(id, pe, intid), count);
}

void wait_until_idle(uint16_t id)
{
	uint64_t start = time_now();
	struct ffa_regs regs;

	do {
		regs = command_call(id, TEST_ECHO, 1, 2, 3, 4);
		ffa_call(&regs);
	} while ((int32_t)regs.x[2] == FFA_BUSY && time_now() - start < SEEN_TIMEOUT);
	CHECK(is_result(&regs, id, TEST_DONE));
}

void wait_until_quiet(uint16_t id, uint32_t intid)
{
	uint64_t start = time_now();
	uint64_t before;

	do {
		before = times_seen(id, intid);
		time_wait(2 * SOON);
	} while (times_seen(id, intid) != before && time_now() - start < SEEN_TIMEOUT);
	CHECK_EQ(times_seen(id, intid), before);
}

/* ---- making them pend ------------------------------------------------------------------------------- */

void pend(uint32_t intid, uint64_t microseconds)
{
	(void)COMMAND(I_HAND, TEST_PEND, intid, microseconds, 0, 0);
}

static void pend_there(void *argument)
{
	const uint64_t *words = argument;

	pend((uint32_t)words[0], words[1]);
}

void pend_from(unsigned pe, uint32_t intid, uint64_t microseconds)
{
	static uint64_t words[PE_MAX][2];

	words[pe][0] = intid;
	words[pe][1] = microseconds;
	pe_post(pe, pend_there, words[pe]);
}

/* ---- the normal world's own ------------------------------------------------------------------------- */

void take_interrupt(uint32_t intid)
{
	uint32_t before = pe_self()->interrupts;

	interrupts_enable();
	interrupts_disable();
	CHECK_EQ(pe_self()->interrupts, before + 1);
	CHECK_EQ(pe_self()->last_interrupt, intid);
}

void check_no_interrupt(void)
{
	CHECK_EQ(gic_pending(), 1023);
}

void check_preempted(uint16_t id, const struct ffa_regs *regs)
{
	if (regs->x[0] != (uint32_t)FFA_INTERRUPT_32) {
		test_note("%x: %lx %lx %lx %lx", id, regs->x[0], regs->x[1], regs->x[2],
			  regs->x[3]);
	}
	CHECK_EQ(regs->x[0], (uint32_t)FFA_INTERRUPT_32);
	CHECK_EQ(regs->x[1], HERE(id));
	fixture_check_zero(regs, 2, __FILE__, __LINE__);
}

void wait_until_spinning(uint16_t id, unsigned pe)
{
	uint64_t start = time_now();

	while (area_on(id, pe)->progress == 0 && time_now() - start < SEEN_TIMEOUT) {
		/* comes */
	}
	CHECK_NE(area_on(id, pe)->progress, 0);
}

struct ffa_regs spin(uint16_t id)
{
	return fixture_call(command_call(id, TEST_SPIN, LONG_ENOUGH, 0, 0, 0), __FILE__, __LINE__);
}

bool is_result(const struct ffa_regs *regs, uint16_t id, uint64_t result)
{
	bool right = is_answer(regs, id) && regs->x[3] == result;

	if (!right) {
		test_note("%x: %lx %lx %lx %lx %lx", id, regs->x[0], regs->x[1], regs->x[2],
			  regs->x[3], regs->x[4]);
	}
	return right;
}

/* ---- somebody spins while it comes ------------------------------------------------------------------ */

void visit(void *argument)
{
	const struct visit *visit = argument;
	uint64_t start = time_now();

	const volatile struct test_area *area = area_on(visit->spins, visit->pe);

	while ((visit->silent ? area->request[0] : area->progress) == 0 &&
	       time_now() - start < SEEN_TIMEOUT) {
		/* starts */
	}
	pend(visit->line, visit->silent ? SOON / 4 : 0);
	if (visit->second != 0) {
		while (visit->first_of != 0 &&
		       times_seen_on(visit->first_of, visit->pe, visit->line) == 0 &&
		       time_now() - start < SEEN_TIMEOUT) {
			/* comes */
		}
		pend(visit->second, 0);
	}
	time_wait(SOON);
	area_on(visit->spins, visit->pe)->stop = 1;
}

void begin_visit(const struct visit *visit_)
{
	area_on(visit_->spins, visit_->pe)->stop = 0;
	area_on(visit_->spins, visit_->pe)->progress = 0;
	area_on(visit_->spins, visit_->pe)->request[0] = 0;
	pe_post(1, visit, (void *)(uintptr_t)visit_);
}

void spin_through(const struct visit *what)
{
	struct ffa_regs regs;

	begin_visit(what);
	regs = spin(what->spins);
	wait_for_pe(1);
	CHECK(is_result(&regs, what->spins, TEST_DONE));
}

#define ICC_PMR_EL1 S3_0_C4_C6_0
#define READ_NAMED(name) READ_SYSREG(name)
#define WRITE_NAMED(name, value) WRITE_SYSREG(name, value)

uint64_t priority_mask(void)
{
	return READ_NAMED(ICC_PMR_EL1);
}

void set_priority_mask(uint64_t mask)
{
	WRITE_NAMED(ICC_PMR_EL1, mask);
}
