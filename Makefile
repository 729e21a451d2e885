# SPDX-License-Identifier: BSD-3-Clause
# The front door. `make help` lists what it can do; the rules live in mk/, one concern a file.

include versions.env

B := build
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

# `make run-linux SHELL=1` asks for a shell in the guest; to make itself SHELL means another thing.
ifeq ($(origin SHELL),command line)
WANT_SHELL := $(filter-out 0,$(SHELL))
override SHELL := /bin/sh
endif

# These first: the other files use what they define.
FIRST := mk/toolchain.mk mk/firmware.mk mk/freestanding.mk
include $(FIRST)
include $(filter-out $(FIRST),$(sort $(wildcard mk/*.mk)))

.PHONY: help clean
help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 22

clean: ## remove what was built (downloads stay; `rm -rf build` removes all)
	find $(B) -mindepth 1 -maxdepth 1 ! -name dl ! -name tf-a ! -name qemu ! -name linux -exec rm -rf {} +
