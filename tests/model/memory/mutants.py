#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Bugs seeded into the memory management, for the model to find: ../seeded.py."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import seeded  # noqa: E402  pylint: disable=wrong-import-position

# name, source, what is there, what the mutant has instead
MUTANTS = [
    ("what is shared can be given again", "ffa/mem_owner.c",
     "(*map & (ARCH_MAP_SHARED | ARCH_MAP_BORROWED)) == 0", "(*map & ARCH_MAP_BORROWED) == 0"),
    ("what is borrowed can be given", "ffa/mem_owner.c",
     "(*map & (ARCH_MAP_SHARED | ARCH_MAP_BORROWED)) == 0", "(*map & ARCH_MAP_SHARED) == 0"),
    ("the normal world gives twice", "ffa/mem_owner.c", "return is_free && *map != 0;",
     "(void)is_free;\n\t\treturn *map != 0;"),
    ("the lender keeps what it lends", "ffa/mem_owner.c",
     "owner->is_normal_world || transaction->kind == TRANSACTION_SHARE",
     "owner->is_normal_world || transaction->kind != TRANSACTION_DONATE"),
    ("a refused send leaves the last page marked", "ffa/mem_owner.c",
     "undo(owner, edit, transaction, n, n + 1);", "undo(owner, edit, transaction, n > 0 ? n - 1 : 0, n + 1);"),
    ("a donor keeps its claim", "ffa/mem_owner.c", "space_edit_clear(&edit, constituent_range(constituent));",
     "(void)constituent;"),
    ("secure memory goes to VMs", "ffa/mem_owner.c", "(secure && (borrower->id & FFA_ID_SECURE_BIT) == 0)",
     "(secure && borrower->id == 0xFFFF)"),
    ("a reader gives the right to write", "ffa/mem_owner.c",
     "bool writable = (transaction->sender_map & ARCH_MAP_WRITE) != 0;", "bool writable = transaction->handle != 0;"),
    ("it is retrieved twice", "ffa/mem_terms.c", "return terms->borrower->retrieved ? FFA_DENIED : FFA_OK;",
     "return FFA_OK;"),
    ("one right too much", "ffa/mem_terms.c", "data > offered_data(transaction, borrower)",
     "data > offered_data(transaction, borrower) + 1"),
    ("what its owner does not execute is executed", "ffa/mem_terms.c",
     "(transaction->sender_map & ARCH_MAP_EXECUTE) != 0 &&", "transaction->handle != 0 &&"),
    ("S-EL0 writes what it executes", "ffa/mem_terms.c", "(user && writable", "(user && !writable"),
    ("the dead give", "ffa/mem_retrieve.c", "(*slot)->transaction->orphaned", "(*slot)->transaction->handle == 0"),
    ("half a transaction is retrieved", "ffa/mem_retrieve.c", "!(*slot)->transaction->complete",
     "(*slot)->transaction->handle == 0"),
    ("it is zeroed before the last has left", "ffa/mem_borrower.c",
     "if (transaction->zero && !transaction_is_held(transaction)) {", "if (transaction->zero) {"),
    ("who leaves can come back", "ffa/mem_borrower.c", "\tborrower->retrieved = false;\n", ""),
    ("who leaves still reaches it", "ffa/mem_borrower.c",
     "space_edit_clear(&edit, constituent_range(constituent));", "(void)constituent;"),
    ("it is reclaimed from who holds it", "ffa/mem_relinquish.c", "if (transaction_is_held(transaction)) {",
     "if (transaction->handle == 0) {"),
    ("a refused reclaim zeroes", "ffa/mem_relinquish.c", "= check_reclaim(call, transaction);",
     "= call_w(call, 3) != 0 && !mem_zero(call->pe, transaction) ? FFA_ABORTED\n"
     "\t\t: check_reclaim(call, transaction);"),
    ("anybody reclaims", "ffa/mem_relinquish.c", ": transaction->sender == call->ctx->endpoint->id;",
     ": transaction->sender != 0;"),
    ("the first borrower does not count", "core/transaction.c",
     "\tfor (unsigned i = 0; i < transaction->borrower_count; i++) {\n\t\tif (transaction->borrowers[i].retrieved",
     "\tfor (unsigned i = 1; i < transaction->borrower_count; i++) {\n\t\tif (transaction->borrowers[i].retrieved"),
    ("old handles live on", "core/transaction.c", "slot == NULL || slot->transaction->handle == handle",
     "slot == NULL || slot->transaction->handle != 0"),
    ("transactions are not freed", "core/transaction.c",
     "\tpage_pool_free(table->pool, transaction->quota, transaction);\n", ""),
    ("one page too many", "core/space_edit.c", "uint64_t in_range = (end - at) >> level_shift(level);",
     "uint64_t in_range = ((end - at) >> level_shift(level)) + 1;"),
    ("the hint stays on a part of its group", "core/space_edit.c", "if (group_sticks_out(*entry, level, edge)) {",
     "if (group_sticks_out(*entry, level, edge) && edit->space == NULL) {"),
    ("what is hidden is still reached", "core/space_edit.c", "\tremove(edit, range, UINT64_MAX);\n", ""),
    ("a VM alone borrows of a VM", "ffa/mem_send.c", "vms < descriptor->access_count",
     "vms <= descriptor->access_count"),
    ("two of the same borrow", "ffa/mem_send.c",
     "descriptor->access[i].receiver == descriptor->access[j].receiver",
     "descriptor->access[i].receiver == descriptor->sender"),
    ("the memory of the dead is lost", "ffa/mem_end.c",
     "\tmem_owner_take_back(spmc, transaction);\n", ""),
]


if __name__ == "__main__":
    sys.exit(seeded.main("model/memory_mutants", MUTANTS, "1000"))
