/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What stops a partition besides calls and interrupts. An S-EL1 partition has an exception handler of its
 * own and takes what went wrong there, as on a machine without EL2; what cannot be handed to it, and any
 * fault of an S-EL0 partition, ends the context. Nothing here stops the PE. Takes no locks.
 */
#include "arch/aarch64/trap.h"

#include "abi/smccc.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/reflect.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/simd.h"
#include "arch/aarch64/sysreg.h"

enum {
	INSTRUCTION_BYTES = 4,
	VECTOR_TABLE_BYTES = 0x800,
	FAULT_REPEAT_MAX = 10000, /* the same fault in a row without a call in between */
};

static uint64_t exit_with(enum arch_exit_reason reason)
{
	return (uint64_t)reason;
}

static uint64_t fatal(struct arch_context *context, const char *what)
{
	context->machine.fatal = what;
	context->machine.esr = read_esr_el2();
	context->machine.far = read_far_el2();
	return exit_with(ARCH_EXIT_FATAL);
}

/** Goes on behind the trapped instruction. */
static void skip(struct arch_context *context)
{
	context->pc += INSTRUCTION_BYTES;
	context->pstate &= ~(PSTATE_BTYPE | PSTATE_SS);
}

/* ---- exceptions for S-EL1 ----------------------------------------------------------------------- */

/** True when the same fault comes again and again: the handler of the partition faults itself. */
static bool is_stuck(struct arch_machine *machine, uint64_t pc, uint64_t far)
{
	if (machine->fault_count > 0 && machine->fault_pc == pc && machine->fault_far == far) {
		return machine->fault_count++ >= FAULT_REPEAT_MAX;
	}
	machine->fault_pc = pc;
	machine->fault_far = far;
	machine->fault_count = 1;
	return false;
}

/** Lets the partition take an exception to EL1 with @syndrome; its EL1 registers are live. */
static uint64_t inject(struct arch_context *context, uint64_t syndrome, const char *what)
{
	const struct reflect_source source = {
		.pstate = context->pstate,
		.vbar = read_vbar_el1(),
		.sctlr = read_sctlr_el1(),
		.has_pan = cpu_features.pan,
		.has_ssbs = cpu_features.ssbs,
		.has_nmi = cpu_features.nmi,
		.has_mte = cpu_features.mte,
	};
	struct reflect_target target = reflect_entry(&source);

	if (is_stuck(&context->machine, context->pc, read_far_el2())) {
		return fatal(context, what);
	}

	write_esr_el1(syndrome);
	write_elr_el1(context->pc);
	write_spsr_el1(context->pstate);
	context->pc = target.pc;
	context->pstate = target.pstate;
	return TRAP_RESUME;
}

static uint64_t undefined(struct arch_context *context)
{
	if (context->kind == ARCH_KIND_S_EL0) {
		return fatal(context, "undefined instruction");
	}
	return inject(context, reflect_undefined_syndrome(), "undefined instruction");
}

/* ---- aborts ------------------------------------------------------------------------------------- */

/**
 * True when the tables were edited since this context last faulted: an entry may have been missing for a
 * moment, so the access is tried again, once for each edit.
 */
static bool may_try_again(struct arch_machine *machine)
{
	uint32_t edits;

	space_root_settle(machine->space);
	edits = atomic_load_explicit(&machine->space->edits, memory_order_relaxed);
	if (edits == machine->fault_edits) {
		return false;
	}
	machine->fault_edits = edits;
	return true;
}

/** True when the fetch of the partition's own vectors fails: its handler would never be reached. */
static bool fetches_vectors(const struct arch_context *context, uint64_t esr)
{
	uint64_t vectors = read_vbar_el1() & ~(uint64_t)(VECTOR_TABLE_BYTES - 1);

	return ESR_EC(esr) == EC_INSTRUCTION_ABORT_LOWER &&
	       context->pc - vectors < VECTOR_TABLE_BYTES;
}

static uint64_t take_abort(struct arch_context *context, uint64_t esr)
{
	const char *what = ESR_EC(esr) == EC_DATA_ABORT_LOWER ? "data abort" : "instruction abort";
	uint64_t far = read_far_el2();

	if (may_try_again(&context->machine)) {
		return TRAP_RESUME;
	}
	if (context->kind == ARCH_KIND_S_EL0 || fetches_vectors(context, esr)) {
		return fatal(context, what);
	}
	write_far_el1(far);
	return inject(context, reflect_abort_syndrome(esr, context->pstate), what);
}

/* ---- instructions ------------------------------------------------------------------------------- */

/** SMC, HVC or SVC with an immediate: no calling convention knows it. */
static uint64_t unknown_call(struct arch_context *context, unsigned class)
{
	context->x[0] = SMCCC_UNKNOWN;
	if (class == EC_SMC64) {
		skip(context);
	}
	return TRAP_RESUME;
}

static uint64_t wait(struct arch_context *context)
{
	skip(context);
	return context->kind == ARCH_KIND_S_EL0 ? exit_with(ARCH_EXIT_WAIT) : TRAP_RESUME;
}

/** Gives the context keys of its own, zeros at first, from its next entry on. */
static bool allow_keys(struct arch_context *context)
{
	uint64_t wanted = HCR_APK | HCR_API;

	if (!cpu_features.pauth || context->kind != ARCH_KIND_S_EL1 ||
	    (context->machine.hcr & wanted) == wanted) {
		return false;
	}
	context->machine.hcr |= wanted;
	return true;
}

/** Whoever wrote to a timer goes on when the core has looked at the deadline. */
static uint64_t access_register(struct arch_context *context, uint32_t iss)
{
	const struct trap_access access = trap_access(iss);
	enum trap_timer_result timer = trap_timer(context, access);

	if (timer != TRAP_NO_TIMER) {
		skip(context);
		return timer == TRAP_TIMER_WRITTEN ? exit_with(ARCH_EXIT_TIMER) : TRAP_RESUME;
	}
	if (trap_sysreg_is_key(access) && allow_keys(context)) {
		return TRAP_RESUME;
	}
	if (context->kind == ARCH_KIND_S_EL0 || !trap_sysreg(context, access)) {
		return undefined(context);
	}
	skip(context);
	return TRAP_RESUME;
}

static uint64_t fault(struct arch_context *context, unsigned class)
{
	if (context->kind == ARCH_KIND_S_EL1) {
		return undefined(context); /* an instruction that EL2 traps and nobody may use */
	}
	switch (class) {
	case EC_PC_ALIGNMENT:
		return fatal(context, "misaligned program counter");
	case EC_SP_ALIGNMENT:
		return fatal(context, "misaligned stack pointer");
	case EC_BRK64:
		return fatal(context, "breakpoint instruction");
	default:
		return fatal(context, "undefined instruction");
	}
}

/** A context with SVE finds it trapped until it has the registers. */
static uint64_t use_sve(struct arch_pe *pe, struct arch_context *context)
{
	if (context->machine.scalable == NULL || pe->simd_owner == context) {
		return fault(context, EC_SVE);
	}
	simd_take(pe, context);
	return TRAP_RESUME;
}

/**
 * Serves what stopped @context. For run.S.
 *
 * @why  low half of ESR_EL2, or TRAP_SERROR.
 *
 * Returns TRAP_RESUME, or why arch_run() returns.
 */
uint64_t trap_handle(struct arch_pe *pe, struct arch_context *context, uint32_t why)
{
	unsigned class = ESR_EC(why);

	if (why == TRAP_SERROR) {
		return fatal(context, "SError");
	}
	switch (class) {
	case EC_FP:
		simd_take(pe, context);
		return TRAP_RESUME;
	case EC_SVE:
		return use_sve(pe, context);
	case EC_DATA_ABORT_LOWER:
	case EC_INSTRUCTION_ABORT_LOWER:
		return take_abort(context, why);
	case EC_SYSREG:
		return access_register(context, ESR_ISS(why));
	case EC_PAUTH:
		return allow_keys(context) ? TRAP_RESUME : fault(context, class);
	case EC_WFX:
		return wait(context);
	case EC_SMC64:
	case EC_HVC64:
	case EC_SVC64:
		return unknown_call(context, class);
	default:
		return fault(context, class);
	}
}

/** See arch.h. */
struct arch_fatal arch_fatal(const struct arch_context *context)
{
	return (struct arch_fatal){
		.what = context->machine.fatal,
		.syndrome = context->machine.esr,
		.address = context->machine.far,
		.pc = context->pc,
	};
}
