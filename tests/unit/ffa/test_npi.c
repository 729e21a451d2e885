/* SPDX-License-Identifier: BSD-3-Clause */
/* Notification Pending Interrupt: when it is over. */
#include "core/virq.h"
#include "tests/unit/ffa/ffa_fixture.h"

#define VM 1U
#define FROM_VMS 0x2U
#define INTERRUPT_GET 0xFF04U

TEST(npi_of_a_notification_that_another_vcpu_has_fetched_is_over)
{
	system_reset();
	system_add(SP1, INSTANCE_S1MP)->notification_support = true;
	system_boot(2);
	request(NW, SP1);
	CALL(SP1, FFA_NOTIFICATION_BIND_32, FFA_ENDPOINTS(VM, SP1), 0, 1);
	CHECK_SUCCESS(SP1);
	respond(SP1, NW);
	CALL(NW, FFA_NOTIFICATION_SET_32, FFA_ENDPOINTS(VM, SP1), 0, 1);
	CHECK_SUCCESS(NW);

	on_pe(1); /* entered, it does not look */
	request(NW, SP1);
	respond(SP1, NW);
	on_pe(0);
	request(NW, SP1);
	CALL(SP1, FFA_NOTIFICATION_GET_32, SP1, FROM_VMS);
	CHECK_GOT(SP1, FFA_SUCCESS_32, 0, 0, 0, 1);
	on_pe(1);
	request(NW, SP1);
	CALL_THROUGH(ARCH_CONDUIT_HVC, INTERRUPT_GET);

	CHECK_GOT(SP1, VIRQ_NONE);
}
