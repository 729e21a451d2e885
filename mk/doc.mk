# SPDX-License-Identifier: BSD-3-Clause
# Documentation that is made from the code.

.PHONY: doc
doc: ## write docs/abi.md from the table of ABIs
	@tools/abi-doc
