/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Not linked: the compiler's assembly output of this file is turned into asm_offsets.h, so that assembly
 * uses the layout of C structures and the values of C constants (mk/spmc.mk).
 */
#include <stddef.h>

#include "abi/ffa.h"
#include "arch/aarch64/boot_mmu.h"
#include "arch/aarch64/console.h"
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/exception.h"
#include "arch/aarch64/registers.h"
#include "arch/aarch64/secondary.h"
#include "arch/aarch64/simd.h"
#include "arch/aarch64/trap.h"
#include "arch/arch.h"

#define VALUE(name, value) __asm__ volatile("\n.ascii \"@" #name " %0\"\n" ::"i"((uint64_t)(value)))
#define OFFSET(name, type, member) VALUE(name, offsetof(struct type, member))

void asm_offsets(void);
void asm_values(void);

void asm_offsets(void)
{
	OFFSET(CONTEXT_X0, arch_context, x[0]);
	OFFSET(CONTEXT_X30, arch_context, x[30]);
	OFFSET(CONTEXT_PC, arch_context, pc);
	OFFSET(CONTEXT_PSTATE, arch_context, pstate);
	OFFSET(CONTEXT_KIND, arch_context, kind);
	OFFSET(CONTEXT_EL1, arch_context, machine.el1);
	OFFSET(CONTEXT_HCR, arch_context, machine.hcr);
	OFFSET(CONTEXT_VTTBR, arch_context, machine.vttbr);
	OFFSET(CONTEXT_TTBR0, arch_context, machine.ttbr0);
	OFFSET(CONTEXT_VMPIDR, arch_context, machine.vmpidr);
	OFFSET(CONTEXT_SP_EL0, arch_context, machine.el1.sp_el0);
	OFFSET(CONTEXT_TPIDR_EL0, arch_context, machine.el1.tpidr_el0);
	OFFSET(CONTEXT_KEYS, arch_context, machine.keys);
	OFFSET(CONTEXT_SCALABLE, arch_context, machine.scalable);
	OFFSET(CONTEXT_FAULT_COUNT, arch_context, machine.fault_count);
	_Static_assert(offsetof(struct arch_context, pc) ==
			       offsetof(struct arch_context, x[30]) + 8,
		       "x30 and pc are stored as a pair");
	_Static_assert(offsetof(struct arch_machine, cptr) ==
			       offsetof(struct arch_machine, hcr) + 8,
		       "loaded as a pair");
	_Static_assert(offsetof(struct arch_machine, vsttbr) ==
			       offsetof(struct arch_machine, vttbr) + 8,
		       "loaded as a pair");
	OFFSET(EL1_VDISR, arch_el1, vdisr);
	_Static_assert(offsetof(struct arch_el1, vdisr) == 22 * sizeof(uint64_t), "11 pairs");
	VALUE(MORE_EL1_TIMER_BIT, 0);
	VALUE(MORE_EL1_VDISR_BIT, 1);
	_Static_assert(MORE_EL1_TIMER == 1 && MORE_EL1_VDISR == 2, "run.S tests the bits");

	OFFSET(PE_RUN_SP, arch_pe, run_sp);
	OFFSET(PE_EL1_LIVE, arch_pe, el1_live);
	OFFSET(PE_SIMD_OWNER, arch_pe, simd_owner);
	OFFSET(PE_PMR, arch_pe, pmr);
	OFFSET(PE_HCR_HOME, arch_pe, hcr_home);
	OFFSET(PE_TTBR0_HOME, arch_pe, ttbr0_home);
	OFFSET(PE_SCTLR_S_EL0, arch_pe, sctlr_s_el0);
	OFFSET(PE_HAS_SME, arch_pe, has_sme);
	OFFSET(PE_KEY_HOME, arch_pe, key_home);
	OFFSET(PE_MORE_EL1, arch_pe, more_el1);
	OFFSET(PE_BORROWED, arch_pe, borrowed);
	OFFSET(PE_TIMER, arch_pe, timer);
	OFFSET(PE_LAST_CALL, arch_pe, last_call);
	OFFSET(PE_NORMAL_WORLD_EL1, arch_pe, normal_world_el1);
	_Static_assert(offsetof(struct arch_pe, sctlr_home) ==
			       offsetof(struct arch_pe, hcr_home) + 8,
		       "a pair");
	_Static_assert(offsetof(struct arch_pe, sctlr_s_el0) ==
			       offsetof(struct arch_pe, ttbr0_home) + 8,
		       "a pair");

	OFFSET(FEATURES_MOPS, cpu_features, mops);

	OFFSET(BOOT_MMU_TTBR0, boot_mmu, ttbr0);
	OFFSET(BOOT_MMU_TCR, boot_mmu, tcr);
	OFFSET(BOOT_MMU_SCTLR, boot_mmu, sctlr);

	OFFSET(SECONDARY_MPIDR, secondary, mpidr);
	OFFSET(SECONDARY_STACK, secondary, stack);
	VALUE(SECONDARY_SIZE, sizeof(struct secondary));

	OFFSET(FRAME_X0, exception_frame, x[0]);
	OFFSET(FRAME_X30, exception_frame, x[30]);
	OFFSET(FRAME_PC, exception_frame, pc);
	OFFSET(FRAME_SP, exception_frame, sp);
	OFFSET(FRAME_PSTATE, exception_frame, pstate);
	VALUE(FRAME_SIZE, sizeof(struct exception_frame));

	OFFSET(SIMD_V, arch_simd, v);
	OFFSET(SIMD_FPSR, arch_simd, fpsr);
	OFFSET(SIMD_FPCR, arch_simd, fpcr);
}

void asm_values(void)
{
	VALUE(SCTLR_EL2_OFF, SCTLR_EL2_RES1);
	VALUE(HCR_EL2_BOOT, HCR_S_EL1);
	VALUE(CPTR_EL2_TRAP, CPTR_TRAP);
	VALUE(CPTR_EL2_OPEN, CPTR_TRAP | CPTR_FPEN | CPTR_ZEN | CPTR_SMEN);
	VALUE(SVCR_SM_BIT, 0);
	_Static_assert(SVCR_SM == REG_BIT(0), "run.S tests the bit");
	VALUE(MPIDR_AFFINITY, ARCH_MPIDR_AFFINITY);

	VALUE(HCR_APK_BIT, 40);
	_Static_assert(HCR_APK == REG_BIT(40), "run.S tests the bit");
	VALUE(KIND_S_EL0_BIT, 1);
	_Static_assert(ARCH_KIND_NORMAL_WORLD == 0 && ARCH_KIND_S_EL1 == 1 && ARCH_KIND_S_EL0 == 2,
		       "run.S tests the bits");
	_Static_assert(ARCH_EXIT_CALL == 0 && ARCH_CONDUIT_SMC == 0, "run.S returns 0 for an SMC");
	VALUE(EXIT_IRQ, ARCH_EXIT_IRQ);
	VALUE(EXIT_FIQ, ARCH_EXIT_FIQ);
	VALUE(EXIT_SERROR, TRAP_SERROR);
	VALUE(EXIT_CALL_HVC, (uint64_t)ARCH_CONDUIT_HVC << 32);
	VALUE(EXIT_CALL_SVC, (uint64_t)ARCH_CONDUIT_SVC << 32);
	VALUE(ESR_SMC, ESR_OF(EC_SMC64));
	VALUE(ESR_HVC, ESR_OF(EC_HVC64));
	VALUE(ESR_SVC, ESR_OF(EC_SVC64));

	VALUE(FFA_ERROR, FFA_ERROR_32);
	VALUE(FFA_ERROR_NOT_SUPPORTED, (uint32_t)FFA_NOT_SUPPORTED);
	VALUE(FFA_DIRECT_REQ, FFA_MSG_SEND_DIRECT_REQ_32);
	VALUE(FFA_DIRECT_RESP, FFA_MSG_SEND_DIRECT_RESP_32);
	VALUE(FFA_SPMD, FFA_ID_SPMD);
	VALUE(FFA_PSCI_RESP, FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_PSCI_RESP);

	VALUE(PL011_DR, PL011_DR);
	VALUE(PL011_FR, PL011_FR);
	VALUE(PL011_FR_TXFF_BIT, PL011_FR_TXFF_BIT);
}
