/* SPDX-License-Identifier: BSD-3-Clause */
/* What tests of CPU_OFF share. */
#include "tests/unit/ffa/power_fixture.h"

struct partition_config *subscribe(uint16_t id, enum instance instance)
{
	struct partition_config *config = system_add(id, instance);

	config->power_management_messages = 1;
	return config;
}

void two_subscribers(unsigned pe_count)
{
	system_reset();
	subscribe(SP1, INSTANCE_S1MP);
	subscribe(SP2, INSTANCE_S1MP);
	system_boot(pe_count);
}

void cpu_off(void)
{
	CALL(NW, REQ, FFA_ENDPOINTS(SPMD, SPMC), MESSAGE(PSCI_REQ), CPU_OFF);
}

void check_budget_runs(void)
{
	uint64_t left = this_pe()->arch.timer_at - arch_counter();

	CHECK(left > BUDGET_NS * 9 / 10); /* writing the log takes some time */
	CHECK(left <= BUDGET_NS);
}

void check_told(uint16_t id)
{
	CHECK_GOT(id, REQ, FFA_ENDPOINTS(SPMC, id), MESSAGE(PSCI_REQ), CPU_OFF);
	check_budget_runs();
	CHECK(this_pe()->arch.normal_world_masked);
}

void answer(uint16_t id, uint32_t status)
{
	CALL(id, RESP, FFA_ENDPOINTS(id, SPMC), MESSAGE(PSCI_RESP), status);
}

void check_off(void)
{
	CHECK_GOT(NW, RESP, FFA_ENDPOINTS(SPMC, SPMD), MESSAGE(PSCI_RESP), 0);
	CHECK_EQUAL(this_pe()->arch.timer_at, ARCH_NEVER);
	CHECK_EQUAL(this_pe()->duty, DUTY_NONE);
	CHECK(!this_pe()->arch.normal_world_masked);
	for (unsigned i = 0; i < the_spmc()->partition_count; i++) {
		const struct partition *partition = &the_spmc()->partitions[i];
		const struct exec_ctx *ctx = partition_context(partition, this_pe()->index);
		enum ctx_state state = exec_ctx_state(ctx);

		CHECK(!partition->multi_processor || state == CTX_OFF || state == CTX_ABORTED);
	}
}

void budget_ends(void)
{
	host_time_advance(this_pe()->timer_at - arch_counter());
	irq();
}
