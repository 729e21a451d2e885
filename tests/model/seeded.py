#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Seeds bugs, one at a time, and has a model find each of them. For the mutants.py of the models:

    mutants.py --compile "CC FLAGS" --link "CC FLAGS" --work DIRECTORY OBJECT...

OBJECTs are those of the model's program, named like their sources below some directory `obj`. A mutant is one of
them, compiled from a copy of its source in which a text is replaced, which must be there exactly once; the model
is linked with it and has to fail, with few states. Prints `PASS <suite>.<name>` for each.
"""

import argparse
import concurrent.futures
import os
import shlex
import subprocess
import sys

SECONDS = 120


def build(arguments, mutant, number):
    """The model with @mutant in it: name, source, what is there, what it has instead.

    Raises ValueError when the source does not have what is replaced.
    """
    _, source, before, after = mutant
    with open(source, encoding="utf-8") as file:
        text = file.read()
    if text.count(before) != 1:
        raise ValueError(f"{source} has this {text.count(before)} times: {before!r}")
    stem = os.path.join(arguments.work, f"{number:02}")
    with open(stem + ".c", "w", encoding="utf-8") as file:
        file.write(text.replace(before, after))
    subprocess.run(shlex.split(arguments.compile) + ["-c", stem + ".c", "-o", stem + ".o"], check=True)
    original = "/obj/" + source[:-2] + ".o"
    objects = [stem + ".o" if name.endswith(original) else name for name in arguments.objects]
    if objects == arguments.objects:
        raise ValueError(f"no object of {source}")
    subprocess.run(shlex.split(arguments.link) + objects + ["-lcmocka", "-lpthread", "-o", stem], check=True)
    return stem


def check(arguments, mutant, number, states):
    """What is wrong with the mutant, or None: the model fails with it."""
    try:
        program = build(arguments, mutant, number)
        result = subprocess.run([program, states], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS,
                                check=False)
    except ValueError as error:
        return str(error)
    except subprocess.CalledProcessError:
        return "does not compile"
    except subprocess.TimeoutExpired:
        return None  # it hangs: that is found too
    for suffix in ("", ".o", ".c"):
        os.unlink(program + suffix)
    return "not found" if result.returncode == 0 else None


def main(suite, table, states):
    """Tries all of @table, with @states of each scope; the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--compile", required=True)
    parser.add_argument("--link", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--only", default="", help="part of a name")
    parser.add_argument("objects", nargs="+")
    arguments = parser.parse_args()
    os.makedirs(arguments.work, exist_ok=True)
    mutants = [mutant for mutant in table if arguments.only in mutant[0]]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        results = pool.map(check, [arguments] * len(mutants), mutants, range(len(mutants)), [states] * len(mutants))
        for mutant, why in zip(mutants, results):
            print(f"PASS {suite}.{mutant[0]}: found" if why is None
                  else f"FAIL {suite}.{mutant[0]}: {why}", flush=True)
            failed += why is not None
    return 1 if failed else 0
