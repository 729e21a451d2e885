# SPDX-License-Identifier: BSD-3-Clause
# Compilers and flags. CC_TARGET builds for AArch64, CC_HOST for this machine.
# TOOLCHAIN=clang (main) or gcc (second opinion); each has its own object folder.

TOOLCHAIN ?= clang

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wundef -Wpointer-arith -Wcast-align -Wcast-qual \
	-Wstrict-prototypes -Wmissing-prototypes -Wmissing-declarations -Wredundant-decls \
	-Wconversion -Wsign-conversion -Wvla -Wwrite-strings -Wformat=2 -Wnull-dereference \
	-Wimplicit-fallthrough -Wno-unused-parameter
WARNINGS_clang := $(WARNINGS) -Wthread-safety -Wcomma -Wunreachable-code
WARNINGS_gcc := $(WARNINGS) -Wlogical-op -Wduplicated-cond -Wduplicated-branches

CC_clang := clang-$(CLANG_VERSION) --target=aarch64-none-elf
LD_clang := ld.lld-$(CLANG_VERSION)
OBJCOPY_clang := llvm-objcopy-$(CLANG_VERSION)
CC_gcc := aarch64-linux-gnu-gcc
LD_gcc := aarch64-linux-gnu-ld
OBJCOPY_gcc := aarch64-linux-gnu-objcopy

CC_TARGET := $(CC_$(TOOLCHAIN))
LD_TARGET := $(LD_$(TOOLCHAIN))
OBJCOPY_TARGET := $(OBJCOPY_$(TOOLCHAIN))
WARNINGS_TARGET := $(WARNINGS_$(TOOLCHAIN))

# Freestanding AArch64 code, whatever its exception level.
CFLAGS_FREESTANDING_common := -std=gnu11 -ffreestanding -fno-common -fno-pic -fno-pie -mgeneral-regs-only \
	-mstrict-align -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -g
CFLAGS_FREESTANDING_clang := $(CFLAGS_FREESTANDING_common) -fno-builtin-memcpy
CFLAGS_FREESTANDING_gcc := $(CFLAGS_FREESTANDING_common) -mno-outline-atomics -fno-tree-loop-distribute-patterns
CFLAGS_FREESTANDING := $(CFLAGS_FREESTANDING_$(TOOLCHAIN))

CC_HOST := clang-$(CLANG_VERSION)
