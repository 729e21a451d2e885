/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of systems/el3.toml share: the logical partition of firmware/el3 acts for the client. */
#ifndef NORMAL_WORLD_TESTS_EL3_H
#define NORMAL_WORLD_TESTS_EL3_H

#include "abi/el3_service.h"
#include "normal-world/tests/fixture.h"

#define LP EL3_PARTITION_ID

struct ffa_regs el3_request(uint16_t id, enum test_command command, uint32_t argument);
struct ffa_regs el3_command(uint16_t id, enum test_command command, uint32_t argument);
struct ffa_regs el3_call_by(uint16_t id, struct ffa_regs call);
#define IN_REQUEST(id, ...) el3_call_by(id, (struct ffa_regs){ { (uint32_t)__VA_ARGS__ } })

#endif
