/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions of the client: interrupts go to the GIC driver, probes are stepped over, the rest ends the run. */
#include "normal-world/console.h"
#include "normal-world/gic.h"
#include "normal-world/machine.h"
#include "normal-world/pe.h"
#include "normal-world/semihosting.h"

enum exception_kind {
	EXCEPTION_SYNCHRONOUS,
	EXCEPTION_IRQ,
	EXCEPTION_FIQ,
	EXCEPTION_SERROR,
	EXCEPTION_UNEXPECTED,
	EXCEPTION_FROM_EL1,
};

#define ESR_CLASS(esr) ((esr) >> 26 & 0x3F)
#define ESR_CLASS_HVC 0x16U
#define HVC_EL1_DONE 1U
#define PSTATE_EL2_MASKED 0x3C9U

extern char probe_start[], probe_end[], probe_failed[], el1_resume[], vectors_el1[];
extern uint64_t level1_el1[];

void exception_take(struct exception_frame *frame, enum exception_kind kind);
uint64_t probe_read(uint64_t address, uint64_t *value);
uint64_t probe_write(uint64_t address, uint64_t value);
uint64_t el1_enter(uint64_t (*function)(void *), void *argument, uint64_t stack);

static _Noreturn void dump(const struct exception_frame *frame, enum exception_kind kind)
{
	static const char *const names[] = {
		"synchronous exception", "IRQ", "FIQ", "SError", "wrong vector", "exception at EL1"
	};

	print("\n! %s on PE %u\n", names[kind], pe_index());
	print("! ESR %016lx  ELR %016lx  FAR %016lx  SPSR %lx\n", frame->esr, frame->elr,
	      frame->far, frame->spsr);
	if (kind == EXCEPTION_FROM_EL1) {
		print("! EL1: ESR %016lx  ELR %016lx  FAR %016lx\n", READ_SYSREG(esr_el1),
		      READ_SYSREG(elr_el1), READ_SYSREG(far_el1));
	}
	for (unsigned i = 0; i < 31; i++) {
		print("%sx%-2u %016lx%s", i % 4 == 0 ? "! " : " ", i, frame->x[i],
		      i % 4 == 3 ? "\n" : "");
	}
	print("\n");
	semihosting_exit(3);
}

void exception_take(struct exception_frame *frame, enum exception_kind kind)
{
	if (kind == EXCEPTION_IRQ) {
		gic_handle();
		return;
	}
	if (kind == EXCEPTION_SYNCHRONOUS && frame->elr >= (uintptr_t)probe_start &&
	    frame->elr < (uintptr_t)probe_end) {
		pe_self()->syndrome = frame->esr;
		frame->elr = (uintptr_t)probe_failed;
		return;
	}
	if (kind == EXCEPTION_FROM_EL1 && ESR_CLASS(frame->esr) == ESR_CLASS_HVC &&
	    (frame->esr & 0xFFFF) == HVC_EL1_DONE) {
		frame->elr = (uintptr_t)el1_resume;
		frame->spsr = PSTATE_EL2_MASKED;
		return;
	}
	dump(frame, kind);
}

bool exception_try_read(uint64_t address, uint64_t *value)
{
	pe_self()->syndrome = 0;
	return probe_read(address, value) == 0;
}

bool exception_try_write(uint64_t address, uint64_t value)
{
	pe_self()->syndrome = 0;
	return probe_write(address, value) == 0;
}

uint64_t exception_syndrome(void)
{
	return pe_self()->syndrome;
}

uint64_t el1_run(uint64_t (*function)(void *argument), void *argument)
{
	static uint8_t stacks[PE_MAX][0x2000] __attribute__((aligned(16)));

	WRITE_SYSREG(mair_el1, 0xFF00);
	WRITE_SYSREG(tcr_el1,
		     0x3520 | 1ULL << 23 | 2ULL << 32); /* 32 bits, no TTBR1, 40-bit output */
	WRITE_SYSREG(ttbr0_el1, (uintptr_t)level1_el1);
	WRITE_SYSREG(vbar_el1, (uintptr_t)vectors_el1);
	WRITE_SYSREG(cpacr_el1, 3U << 20);
	__asm__ volatile("tlbi vmalle1\n\tdsb nsh\n\tisb" ::: "memory");
	WRITE_SYSREG(sctlr_el1, 0x30D01985U);
	return el1_enter(function, argument, (uintptr_t)stacks[pe_index() + 1]);
}

uint64_t time_now(void)
{
	uint64_t ticks = READ_SYSREG(cntpct_el0);
	uint64_t frequency = READ_SYSREG(cntfrq_el0);

	return frequency >= 1000000 ? ticks / (frequency / 1000000) : ticks;
}

void time_wait(uint64_t microseconds)
{
	uint64_t start = time_now();

	while (time_now() - start < microseconds) {
		/* wait */
	}
}
