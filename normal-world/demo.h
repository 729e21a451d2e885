/* SPDX-License-Identifier: BSD-3-Clause */
/* What `make run` shows. */
#ifndef NORMAL_WORLD_DEMO_H
#define NORMAL_WORLD_DEMO_H

/** Discovers the system, talks to every partition on every PE, switches off. */
_Noreturn void demo_run(void);

#endif
