/* SPDX-License-Identifier: BSD-3-Clause */
/* What tests share: the partitions of systems/test.toml, calls with checks, state before and after. */
#ifndef NORMAL_WORLD_TESTS_FIXTURE_H
#define NORMAL_WORLD_TESTS_FIXTURE_H

/** Before a shared test: version negotiated, all PEs running. */
void fixture_prepare(void);
/** After it: nothing mapped, nothing left half done. */
void fixture_clean_up(void);

#endif
