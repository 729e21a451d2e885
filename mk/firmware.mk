# SPDX-License-Identifier: BSD-3-Clause
# What is fetched and built once: host packages, the source and the build of TF-A, QEMU.

# Host packages by set (tools/deps). As order-only prerequisites, or better: a front target calls
# `tools/deps SET...` first and then $(MAKE) for the rest, which is safe with -j.
DEPS_SETS := build firmware run test check debug bench
.PHONY: $(DEPS_SETS:%=deps-%)
$(DEPS_SETS:%=deps-%): deps-%:
	@tools/deps $*

# The source of TF-A; libfdt is at $(TFA_SRC)/lib/libfdt and $(TFA_SRC)/include/lib/libfdt.
TFA_SRC := $(B)/tf-a
TFA_SRC_STAMP := $(TFA_SRC)/.source-$(TFA_VERSION)
$(TFA_SRC_STAMP): firmware/fetch
	@firmware/fetch tf-a
	@touch $@

# TFA_DEBUG=1: debug build of TF-A. TFA_FLAGS: more arguments for its make.
TFA_DEBUG ?= 0
TFA_FLAGS ?=
TFA := $(B)/tf-a-$(if $(filter 1,$(TFA_DEBUG)),debug,release)
TFA_STAMP := $(TFA)/.built

$(TFA_STAMP): firmware/build-tf-a $(TFA_SRC_STAMP)
	@TFA_DEBUG=$(TFA_DEBUG) firmware/progress $(TFA)/build.log \
		"building TF-A $(TFA_VERSION)" firmware/build-tf-a $(TFA) $(TFA_FLAGS)
	@touch $@

# The same with the BL31 sources of firmware/NAME, for systems that say `tf_a = "NAME"`.
TFA_KINDS := $(patsubst firmware/%/bl31.mk,%,$(wildcard firmware/*/bl31.mk))
$(TFA_KINDS:%=$(TFA)-%/.built): $(TFA)-%/.built: firmware/%/bl31.mk $(wildcard firmware/*/*.[ch]) abi/el3_service.h \
		firmware/build-tf-a $(TFA_SRC_STAMP)
	@TFA_DEBUG=$(TFA_DEBUG) TFA_HOOK=$< firmware/progress $(TFA)-$*/build.log \
		"building TF-A $(TFA_VERSION) with firmware/$*" firmware/build-tf-a $(TFA)-$* $(TFA_FLAGS)
	@touch $@

QEMU_STAMP := $(B)/qemu/.ready
$(QEMU_STAMP): firmware/fetch
	@firmware/fetch qemu
	@touch $@

.PHONY: firmware
firmware: ## fetch and build TF-A, fetch QEMU
	@tools/deps build firmware
	@$(MAKE) --no-print-directory $(TFA_STAMP) $(QEMU_STAMP)
