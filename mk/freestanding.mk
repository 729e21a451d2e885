# SPDX-License-Identifier: BSD-3-Clause
# What the builds of partitions and of the normal-world client share.

# Objects and results of a second toolchain lie beside those of the main one.
OUT := $(B)$(if $(filter clang,$(TOOLCHAIN)),,/$(TOOLCHAIN))

# V=1 shows the commands.
Q ?= $(if $(V),,@)
say = @printf '  %-8s%s\n' $1 $2

# The part of lib/ they are linked with.
SDK_LIB := lib/format.c lib/string.c

# $(call objects,FOLDER,SOURCES): their object files below FOLDER
objects = $(patsubst %,$1/%.o,$(basename $2))

# libfdt, read-only part, from TF-A's source: device trees are parsed with it. Freestanding users need lib/libc.
LIBFDT = $(TFA_SRC)/lib/libfdt
LIBFDT_FILES := fdt fdt_ro fdt_strerror
LIBFDT_CFLAGS = -Ilib/libc -isystem $(TFA_SRC)/include/lib/libfdt
