# SPDX-License-Identifier: BSD-3-Clause
# What TF-A's make reads first (MAKEFILES, see firmware/build-tf-a) to build our own sources into BL31. The
# names of their objects must be unused by TF-A. Functions of TF-A are replaced by the linker:
# BL31_LDFLAGS += -Wl,--wrap=NAME

ifneq ($(wildcard bl31/bl31.mk),) # only the make at the top
EL3_FOLDER := $(dir $(lastword $(MAKEFILE_LIST)))
BL31_SOURCES += $(wildcard $(EL3_FOLDER)*.c)
BL31_LDFLAGS += -Wl,--wrap=plat_spmd_handle_group0_interrupt # group0.c
BL31_LDFLAGS += -Wl,--wrap=runtime_svc_init # standard_calls.c
override ENABLE_SPMD_LP := 1
endif
