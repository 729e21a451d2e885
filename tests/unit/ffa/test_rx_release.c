/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_RX_RELEASE (DEN0077A, "RX/TX buffer management"). */
#include "tests/unit/ffa/ffa_fixture.h"

static const struct mailbox *mailbox_of(uint16_t id)
{
	return id == NW ? &the_spmc()->normal_world->mailbox : &partition_of(id)->endpoint.mailbox;
}

/* ---- release ------------------------------------------------------------------------------------ */

TEST(release_without_buffers_is_denied)
{
	system_boot_usual(1);

	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(release_of_an_empty_buffer_is_denied)
{
	system_boot_usual(1);
	map_rxtx(NW);

	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(release_of_a_full_buffer_empties_it_once)
{
	system_boot_usual(1);
	map_rxtx(NW);
	CALL(NW, FFA_PARTITION_INFO_GET_32);

	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_SUCCESS(NW);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
}

TEST(release_for_another_endpoint_is_refused)
{
	system_boot_usual(1);
	map_rxtx(NW);
	CALL(NW, FFA_PARTITION_INFO_GET_32);

	CALL(NW, FFA_RX_RELEASE_32, 1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_RELEASE_32, SP1);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
	CALL(NW, FFA_RX_RELEASE_32, 0x10000);
	CHECK_REFUSED(NW, FFA_INVALID_PARAMETERS);
}

TEST(buffers_of_one_endpoint_are_nothing_to_another)
{
	system_boot_usual(1);
	map_rxtx(NW);
	request(NW, SP1);
	map_rxtx(SP1);
	CALL(SP1, FFA_PARTITION_INFO_GET_32);
	CHECK_EQUAL(mailbox_of(SP1)->rx_state, RX_FULL);
	CHECK_EQUAL(mailbox_of(NW)->rx_state, RX_EMPTY);

	respond(SP1, NW);
	CALL(NW, FFA_RX_RELEASE_32);
	CHECK_REFUSED(NW, FFA_DENIED);
	CHECK_EQUAL(mailbox_of(SP1)->rx_state, RX_FULL);
}
