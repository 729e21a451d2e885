/* SPDX-License-Identifier: BSD-3-Clause */
/* UUIDs as manifests write them. Internal to config/. */
#ifndef CONFIG_UUID_H
#define CONFIG_UUID_H

#include "core/uuid.h"

bool uuid_from_text(const char *text, struct ffa_uuid *uuid);

#endif
