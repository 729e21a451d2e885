# SPDX-License-Identifier: BSD-3-Clause
# `make test`: every suite, one verdict (tests/verdict.py). The suites have targets of their own.

.PHONY: test test-tools test-compilers
test: ## run all tests; SUITES="unit target ..." for some
	@tools/deps build firmware run test check bench
	@tests/verdict.py $(SUITES)

test-tools:
	@tools/deps test
	@/usr/bin/python3 -m pytest -q -p no:cacheprovider tests/tools

# The SPMC with the second compiler; the first builds it for everything else.
test-compilers:
	@$(MAKE) --no-print-directory spmc TOOLCHAIN=gcc && echo "PASS gcc builds the SPMC without a warning" && \
		$(MAKE) --no-print-directory spmc TOOLCHAIN=clang && echo "PASS clang builds the SPMC without a warning" && \
		echo "2 passed, 0 failed"
