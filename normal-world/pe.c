/* SPDX-License-Identifier: BSD-3-Clause */
/* PEs are found by walking the GIC's redistributors: there is one for each that exists. */
#include "normal-world/pe.h"

#include "abi/smccc.h"
#include "normal-world/gic.h"
#include "normal-world/machine.h"
#include "sdk/ffa_call.h"

#include <stddef.h>

#define AFFINITY_ON 0
#define AFFINITY_OFF 1
#define START_TIMEOUT 5000000U
#define CALL_TIMEOUT 20000000U

struct pe pes[PE_MAX];
unsigned pe_count;

extern char secondary_entry[], resume_entry[];
_Noreturn void pe_main(uint64_t index);

int64_t smc(uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3)
{
	struct ffa_regs regs = { { function, x1, x2, x3 } };

	ffa_call_smc(&regs);
	return (int64_t)regs.x[0];
}

struct pe *pe_self(void)
{
	return (struct pe *)(uintptr_t)READ_SYSREG(tpidr_el2);
}

unsigned pe_index(void)
{
	return pe_self()->index;
}

static void adopt(unsigned index)
{
	WRITE_SYSREG(tpidr_el2, (uintptr_t)&pes[index]);
	gic_init_pe(index);
}

void pe_init(void)
{
	pe_count = gic_count_pes(pes);
	adopt(0);
	pes[0].online = true;
}

_Noreturn void pe_main(uint64_t index)
{
	struct pe *self = &pes[index];

	adopt((unsigned)index);
	self->woken = false;
	__atomic_store_n(&self->function, NULL, __ATOMIC_RELAXED);
	__atomic_store_n(&self->online, true, __ATOMIC_RELEASE);
	for (;;) {
		pe_function function;

		/* One wake-up for each function posted: none may be left to disturb what it does. */
		while (!self->woken) {
			__asm__ volatile("dsb sy\n\twfi");
			interrupts_enable();
			interrupts_disable();
		}
		self->woken = false;
		function = __atomic_load_n(&self->function, __ATOMIC_ACQUIRE);
		if (checkpoint_set(self->checkpoint) == 0) {
			function(self->argument);
		}
		interrupts_disable();
		__atomic_store_n(&self->function, NULL, __ATOMIC_RELEASE);
	}
}

int64_t pe_start(unsigned index)
{
	uint64_t start = time_now();
	int64_t status = smc(PSCI_CPU_ON_64, pes[index].mpidr, (uintptr_t)secondary_entry, index);

	if ((int32_t)status != PSCI_SUCCESS) {
		return (int32_t)status;
	}
	while (!__atomic_load_n(&pes[index].online, __ATOMIC_ACQUIRE)) {
		if (time_now() - start > START_TIMEOUT) {
			return -100;
		}
	}
	return PSCI_SUCCESS;
}

static void switch_off(void *argument)
{
	int64_t *status = argument;

	__atomic_store_n(&pe_self()->online, false, __ATOMIC_RELEASE);
	*status = smc(PSCI_CPU_OFF, 0, 0, 0);
	__atomic_store_n(&pe_self()->online, true, __ATOMIC_RELEASE);
}

int64_t pe_stop(unsigned index)
{
	static int64_t status[PE_MAX];
	uint64_t start = time_now();

	status[index] = -100;
	pe_post(index, switch_off, &status[index]);
	while ((int32_t)smc(PSCI_AFFINITY_INFO_64, pes[index].mpidr, 0, 0) != AFFINITY_OFF) {
		if (time_now() - start > START_TIMEOUT) {
			return status[index];
		}
	}
	return PSCI_SUCCESS;
}

struct revival {
	uint64_t mpidr;
	uint64_t checkpoint[13];
	int64_t status;
};

static void revive(void *argument)
{
	struct revival *revival = argument;
	uint64_t start = time_now();

	while ((int32_t)smc(PSCI_AFFINITY_INFO_64, revival->mpidr, 0, 0) != AFFINITY_OFF) {
		if (time_now() - start > START_TIMEOUT) {
			return;
		}
	}
	revival->status = (int32_t)smc(PSCI_CPU_ON_64, revival->mpidr, (uintptr_t)resume_entry,
				       (uintptr_t)revival->checkpoint);
}

int64_t pe_off_and_on(unsigned helper)
{
	static struct revival revival;
	unsigned index = pe_index();

	revival.mpidr = pe_self()->mpidr;
	revival.status = -100;
	if (checkpoint_set(revival.checkpoint) == 0) {
		pe_post(helper, revive, &revival);
		return smc(PSCI_CPU_OFF, 0, 0, 0);
	}
	adopt(index);
	return pe_wait(helper, START_TIMEOUT) ? revival.status : -100;
}

void pe_post(unsigned index, pe_function function, void *argument)
{
	pes[index].argument = argument;
	__atomic_store_n(&pes[index].function, function, __ATOMIC_RELEASE);
	gic_send_sgi(index, INTID_SGI_WAKE);
}

bool pe_wait(unsigned index, uint64_t microseconds)
{
	uint64_t start = time_now();

	while (__atomic_load_n(&pes[index].function, __ATOMIC_ACQUIRE) != NULL) {
		if (time_now() - start > microseconds) {
			return false;
		}
	}
	return true;
}

bool pe_call(unsigned index, pe_function function, void *argument)
{
	if (index == pe_index()) {
		function(argument);
		return true;
	}
	pe_post(index, function, argument);
	return pe_wait(index, CALL_TIMEOUT);
}
