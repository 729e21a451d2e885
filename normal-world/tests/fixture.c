/* SPDX-License-Identifier: BSD-3-Clause */
/* See fixture.h. */
#include "normal-world/tests/fixture.h"

#include "sdk/ffa.h"

void fixture_prepare(void)
{
	(void)ffa_version(FFA_VERSION_1_2);
}

void fixture_clean_up(void)
{
	(void)ffa_rxtx_unmap();
}
