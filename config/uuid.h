/* SPDX-License-Identifier: BSD-3-Clause */
/* UUIDs as manifests write them. Internal to config/. */
#ifndef CONFIG_UUID_H
#define CONFIG_UUID_H

#include "abi/ffa.h"

#include <stdbool.h>

bool uuid_is_nil(const struct ffa_uuid *uuid);
bool uuid_equal(const struct ffa_uuid *a, const struct ffa_uuid *b);
bool uuid_from_text(const char *text, struct ffa_uuid *uuid);

#endif
