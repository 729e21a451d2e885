/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * In front of TF-A's Standard services: calls of FF-A that its SPMD does not know yet (1.3) go to the other
 * world as those do that it knows; and it can play an SPMD that does not know FFA_EL3_INTR_HANDLE (before 1.2).
 * All other calls go on to TF-A.
 */
#include "el3.h"

#include "../../abi/el3_service.h"

#include <common/runtime_svc.h>
#include <lib/smccc.h>
#include <services/spmd_svc.h>

#define FFA_NS_RES_INFO_GET_SMC64 0xC400008FU

static rt_svc_handle_t standard;
static bool group0_refused; /* only changed while no interrupt of Group 0 is armed */

void __real_runtime_svc_init(void);
void __wrap_runtime_svc_init(void);

/** What the SPMD is to do with FFA_EL3_INTR_HANDLE from now on, on all PEs. */
void standard_refuse_group0(bool refused)
{
	group0_refused = refused;
}

static uintptr_t refuse(void *handle)
{
	SMC_RET8(handle, FFA_ERROR, 0, (uint32_t)FFA_ERROR_NOT_SUPPORTED, 0, 0, 0, 0, 0);
}

static uintptr_t serve(uint32_t function, u_register_t x1, u_register_t x2, u_register_t x3,
		       u_register_t x4, void *cookie, void *handle, u_register_t flags)
{
	if (GET_SMC_OEN(function) != OEN_STD_START) {
		SMC_RET1(handle, SMC_UNK); /* of the range this is declared for */
	}
	switch (function) {
	case FFA_NS_RES_INFO_GET_SMC64:
		if (!is_caller_non_secure(flags)) {
			return refuse(handle);
		}
		return spmd_smc_switch_state(function, false, x1, x2, x3, x4, handle, flags);
	case FFA_EL3_INTR_HANDLE:
		if (group0_refused) {
			return refuse(handle);
		}
		break;
	default:
		break;
	}
	return standard(function, x1, x2, x3, x4, cookie, handle, flags);
}

/* For a range that nobody uses: the other has its owner, and a second one would win or lose by link order. */
DECLARE_RT_SVC(tantalum_standard, OEN_OEM_START, OEN_OEM_END, SMC_TYPE_FAST, NULL, serve);

/** Takes the place of the owner of the Standard range. */
void __wrap_runtime_svc_init(void)
{
	const rt_svc_desc_t *services = (const rt_svc_desc_t *)RT_SVC_DESCS_START;
	uint8_t *owner = &rt_svc_descs_indices[get_unique_oen(OEN_STD_START, SMC_TYPE_FAST)];

	__real_runtime_svc_init();
	standard = services[*owner].handle;
	*owner = rt_svc_descs_indices[get_unique_oen(OEN_OEM_START, SMC_TYPE_FAST)];
}
