// SPDX-License-Identifier: MIT
/// @file
/// Runs a fuzz target over deterministic mutations of its seeds: what a fuzzer does in hours, in
/// small, in each run of the tests.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// The entry of a fuzz target, as libFuzzer calls it. It fails by ending the program.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace theseus::testing {

/// Calls LLVMFuzzerTestOneInput with each seed and with `count` mutations of them: bits flipped,
/// words of 1, 2, 4 and 8 bytes set to numbers at the edges, bytes copied, inserted, removed, cut
/// off. Each input is a copy of exactly its size. On a failure the mutation's number has been
/// printed.
void run_mutations(const std::vector<std::string> &seeds, uint64_t count);

/// Calls LLVMFuzzerTestOneInput with each file of a folder, by name: a corpus that a fuzzer kept.
/// @returns how many there were
size_t run_corpus(const std::string &folder);

}  // namespace theseus::testing
