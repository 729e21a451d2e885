/* SPDX-License-Identifier: BSD-3-Clause */
/* Sequences of calls that most tests make. */
#include "tests/unit/ffa/ffa_fixture.h"

void map_rxtx(uint16_t who)
{
	uint64_t tx = who == NW ? NS_TX : tx_of(who);
	uint64_t rx = who == NW ? NS_RX : rx_of(who);

	CALL(who, FFA_RXTX_MAP_64, tx, rx, 1);
	CHECK_SUCCESS(who);
}

void request(uint16_t from, uint16_t to)
{
	CALL(from, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(from, to));
	CHECK_EQUAL(running(), to);
	CHECK_EQUAL(registers()[0], FFA_MSG_SEND_DIRECT_REQ_32);
}

void respond(uint16_t from, uint16_t to)
{
	CALL(from, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(from, to));
	CHECK_EQUAL(running(), to);
	CHECK_EQUAL(registers()[0], FFA_MSG_SEND_DIRECT_RESP_32);
}

void nw_version(uint32_t version)
{
	CALL(NW, FFA_MSG_SEND_DIRECT_REQ_32, FFA_ENDPOINTS(SPMD, SPMC),
	     FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VERSION_REQ, version);
	CHECK_GOT(NW, FFA_MSG_SEND_DIRECT_RESP_32, FFA_ENDPOINTS(SPMC, SPMD),
		  FFA_FRAMEWORK_BIT | FFA_FRAMEWORK_VERSION_RESP, FFA_VERSION_1_3);
}
