/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Contexts played by scripts, and PEs as plain structures. A thread is one PE at a time.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/host/internal.h"

enum { PROGRAM_MAX = 64 };

static struct {
	uint64_t entry;
	host_script *script;
	void *argument;
} programs[PROGRAM_MAX];
static unsigned program_count;

size_t host_sve_size;

static _Thread_local struct arch_pe *self;
static _Thread_local uint64_t self_mpidr;
static _Thread_local bool has_mpidr; /* the test has chosen it */

void context_reset(void)
{
	program_count = 0;
	host_sve_size = 0;
	self = NULL;
	self_mpidr = 0;
	has_mpidr = false;
}

/* ---- PEs ---------------------------------------------------------------------------------------- */

void host_pe_enter(struct arch_pe *pe)
{
	self = pe;
}

void host_pe_mpidr(uint64_t mpidr)
{
	self_mpidr = mpidr;
	has_mpidr = true;
}

uint64_t arch_mpidr(void)
{
	return self != NULL && self->initialized ? self->mpidr : self_mpidr;
}

struct arch_pe *arch_pe_self(void)
{
	return self;
}

unsigned arch_pe_index(void)
{
	return self == NULL ? 0 : self->index;
}

void arch_pe_init(struct arch_pe *pe, unsigned index)
{
	memset(pe, 0, sizeof(*pe));
	pe->index = index;
	pe->mpidr = has_mpidr ? self_mpidr : index;
	pe->timer_at = ARCH_NEVER;
	pe->initialized = true;
	has_mpidr = false; /* another PE has another one */
	self = pe;
	interrupts_pe_up(pe);
}

/** As EL3 leaves it: private interrupts and the timer are lost, registers are not. */
void arch_pe_resume(struct arch_pe *pe)
{
	pe->timer_at = ARCH_NEVER;
	interrupts_pe_up(pe);
}

paddr_t arch_secondary_entry(void)
{
	return paddr(HOST_IMAGE_BASE + 0x80);
}

void arch_secondary_prepare(struct arch_pe *first, size_t stride, const uint64_t *mpidr,
			    unsigned count, struct page_range memory)
{
	(void)first; /* a test enters the PEs it wants with host_pe_enter() */
	(void)stride;
	(void)mpidr;
	if (memory.page_count < (uint64_t)count * ARCH_PE_PAGES) {
		host_stop("host: too little memory for the PEs' stacks");
	}
	(void)arch_pointer(memory.base); /* must be mapped */
}

/* ---- contexts ----------------------------------------------------------------------------------- */

void host_context_script(struct arch_context *context, host_script *script, void *argument)
{
	context->machine.script = script;
	context->machine.argument = argument;
}

void host_program(uint64_t entry, host_script *script, void *argument)
{
	if (program_count == PROGRAM_MAX) {
		host_stop("host: more than %d programs", PROGRAM_MAX);
	}
	programs[program_count].entry = entry;
	programs[program_count].script = script;
	programs[program_count++].argument = argument;
}

/** Any size does: tests look at the memory, nobody else. */
size_t arch_context_sve_size(void)
{
	return host_sve_size;
}

void arch_context_give_sve(struct arch_context *context, void *memory)
{
	context->machine.scalable = memory;
}

/** The script given to the context itself stays; the program at @entry plays it otherwise. */
void arch_context_reset(struct arch_context *context, const struct arch_space_root *space,
			uint64_t entry, uint64_t mpidr)
{
	memset(context->x, 0, sizeof(context->x));
	context->pc = entry;
	context->pstate = 0;
	context->machine.root = space;
	context->machine.mpidr = mpidr;
	context->machine.resident = NULL;
	context->machine.run_count = 0;
	context->machine.irq_line = false;
	context->machine.fiq_line = false;
	memset(context->timers, 0, sizeof(context->timers));
	for (unsigned i = 0; i < program_count && context->machine.script == NULL; i++) {
		if (programs[i].entry == entry) {
			host_context_script(context, programs[i].script, programs[i].argument);
		}
	}
}

struct arch_exit arch_run(struct arch_pe *pe, struct arch_context *context)
{
	struct arch_machine *machine = &context->machine;

	if (pe != self || !pe->initialized) {
		host_stop(
			"host: a context run on a PE that this is not, or that was not initialized");
	}
	if (pe->windows[ARCH_WINDOW_SOURCE].open || pe->windows[ARCH_WINDOW_TARGET].open) {
		host_stop("host: a context run while a window is open");
	}
	if (machine->resident != NULL && machine->resident != pe) {
		host_stop("host: a context run while another PE still has its registers");
	}
	if (machine->script == NULL) {
		host_stop("host: nothing plays the context at 0x%llx",
			  (unsigned long long)context->pc);
	}
	machine->resident = context->kind == ARCH_KIND_NORMAL_WORLD ? NULL : pe;
	machine->run_count++;
	return machine->script(context, machine->argument);
}

void arch_context_park(struct arch_pe *pe, struct arch_context *context)
{
	if (context->machine.resident != NULL && context->machine.resident != pe) {
		host_stop("host: a context parked on another PE than it ran on");
	}
	context->machine.resident = NULL;
}

void arch_context_set_lines(struct arch_context *context, bool irq, bool fiq)
{
	context->machine.irq_line = irq;
	context->machine.fiq_line = fiq;
}

struct arch_fatal arch_fatal(const struct arch_context *context)
{
	return (struct arch_fatal){
		.what = context->machine.fatal_what,
		.address = context->machine.fatal_address,
		.pc = context->pc,
	};
}

/* ---- scripts ------------------------------------------------------------------------------------ */

struct arch_exit host_call(const struct arch_context *context)
{
	enum arch_conduit conduit = context->kind == ARCH_KIND_S_EL0 ? ARCH_CONDUIT_SVC
								     : ARCH_CONDUIT_SMC;

	return (struct arch_exit){ .reason = ARCH_EXIT_CALL, .conduit = conduit };
}

struct arch_exit host_call_with(struct arch_context *context, const uint64_t *x, size_t count)
{
	memset(context->x, 0, 18 * sizeof(context->x[0]));
	memcpy(context->x, x, count * sizeof(x[0]));
	return host_call(context);
}

struct arch_exit host_irq(void)
{
	return (struct arch_exit){ .reason = ARCH_EXIT_IRQ };
}

struct arch_exit host_fiq(void)
{
	return (struct arch_exit){ .reason = ARCH_EXIT_FIQ };
}

struct arch_exit host_wait(void)
{
	return (struct arch_exit){ .reason = ARCH_EXIT_WAIT };
}

struct arch_exit host_timer_write(struct arch_context *context, unsigned which, uint64_t compare,
				  uint32_t control)
{
	context->timers[which] = (struct arch_timer){ .compare = compare, .control = control };
	return (struct arch_exit){ .reason = ARCH_EXIT_TIMER };
}

struct arch_exit host_fault(struct arch_context *context, const char *what, uint64_t address)
{
	context->machine.fatal_what = what;
	context->machine.fatal_address = address;
	return (struct arch_exit){ .reason = ARCH_EXIT_FATAL };
}

struct arch_exit host_steps(struct arch_context *context, void *argument)
{
	struct host_steps *script = argument;
	struct host_step *step;

	if (script->next > 0 && script->next <= script->count) {
		memcpy(script->steps[script->next - 1].got, context->x,
		       sizeof(script->steps[0].got));
	}
	if (script->next >= script->count) {
		script->next = script->count + 1;
		if (context->kind == ARCH_KIND_NORMAL_WORLD) {
			host_end();
		}
		host_stop("host: the steps of the context at 0x%llx ran out",
			  (unsigned long long)context->pc);
	}

	step = &script->steps[script->next++];
	if (step->exit.reason == ARCH_EXIT_CALL) {
		memcpy(context->x, step->x, sizeof(step->x));
	}
	return step->exit;
}
