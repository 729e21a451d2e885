# SPDX-License-Identifier: BSD-3-Clause
# Static checks of all our sources; each is described in tools/check.

CHECK_TARGET_FLAGS = --target=aarch64-none-elf -std=gnu11 -ffreestanding -mgeneral-regs-only \
	-march=armv8.4-a -I. -Iarch/aarch64 -Iplat/qemu-virt $(LIBFDT_CFLAGS)
CHECK_HOST_FLAGS := -std=gnu11 -I. -Iarch/host

.PHONY: check check-now format
check: ## static checks: layers, formatting, clang-tidy, cppcheck, sizes: [C="layers format ..."]
	@tools/deps check
	@$(MAKE) --no-print-directory $(TFA_SRC_STAMP)
	@$(MAKE) --no-print-directory check-now

check-now:
	@CLANG_VERSION=$(CLANG_VERSION) CHECK_TARGET_FLAGS="$(CHECK_TARGET_FLAGS)" \
		CHECK_HOST_FLAGS="$(CHECK_HOST_FLAGS)" tools/check $(C)

format: ## apply .clang-format to all our sources
	@tools/deps check
	@git ls-files --cached --others --exclude-standard '*.c' '*.h' | grep -v '\(^\|/\)asm\.h$$' | \
		xargs clang-format-$(CLANG_VERSION) -i
