/* SPDX-License-Identifier: BSD-3-Clause */
/* The calls of abi/el3_service.h, for the normal world only: it is who waits while a request runs. */
#include "el3.h"

#include "../../abi/el3_service.h"

#include <common/runtime_svc.h>
#include <lib/smccc.h>

static uintptr_t serve(uint32_t function, u_register_t x1, u_register_t x2, u_register_t x3,
		       u_register_t x4, void *cookie, void *handle, u_register_t flags)
{
	struct ffa_value a;

	if (!is_caller_non_secure(flags)) {
		SMC_RET1(handle, SMC_UNK);
	}
	switch (function) {
	case EL3_SERVICE:
		SMC_RET1(handle, EL3_SERVICE_VERSION);
	case EL3_DIRECT_REQUEST:
		a = logical_partition_request((uint16_t)x1, (uint32_t)x2, (uint32_t)x3, handle);
		SMC_RET8(handle, a.func, a.arg1, a.arg2, a.arg3, a.arg4, a.arg5, a.arg6, a.arg7);
	case EL3_PARTITION_INFO:
		a = logical_partition_info(x1, x2, (uint16_t)x3);
		SMC_RET18(handle, a.func, a.arg1, a.arg2, a.arg3, a.arg4, a.arg5, a.arg6, a.arg7,
			  a.arg8, a.arg9, a.arg10, a.arg11, a.arg12, a.arg13, a.arg14, a.arg15,
			  a.arg16, a.arg17);
	case EL3_GROUP0_START:
		group0_start(x1, x2);
		SMC_RET1(handle, 0);
	case EL3_GROUP0_COUNT:
		SMC_RET2(handle, group0_count(NON_SECURE), group0_count(SECURE));
	case EL3_GROUP0_REFUSE:
		standard_refuse_group0(x1 != 0U);
		SMC_RET1(handle, 0);
	default:
		SMC_RET1(handle, SMC_UNK);
	}
}

DECLARE_RT_SVC(tantalum_el3, OEN_SIP_START, OEN_SIP_END, SMC_TYPE_FAST, group0_init, serve);
