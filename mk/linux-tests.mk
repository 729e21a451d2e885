# SPDX-License-Identifier: BSD-3-Clause
# An unmodified kernel as a client; skipped, and counted so, only where no such kernel can be had.

.PHONY: test-linux
test-linux: ## an unmodified Debian kernel's own FF-A driver
	@tools/deps build firmware run test
	@$(MAKE) --no-print-directory $(TFA_STAMP) $(QEMU_STAMP)
	@/usr/bin/python3 -m pytest -v -rs --tb=short -p no:cacheprovider tests/linux
