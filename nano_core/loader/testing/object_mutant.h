// SPDX-License-Identifier: MIT
/// @file
/// Damages objects as a bug, a worn disk or a foe would: blindly, and field by field. A mutant is
/// stamped again, so that it is not its hash that stops it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "nano_core/loader/testing/random.h"

namespace theseus::testing {

enum class MutantKind {
  kBits,         // flips up to four
  kBytes,        // sets up to eight
  kHeader,       // a field of the ELF header
  kSection,      // a field of a section header
  kSymbol,       // a field of a symbol
  kRelocation,   // type, offset, symbol or addend
  kManifest,     // words, lines and characters of the manifest
  kName,         // the object publishes another interface, soundly otherwise
  kTruncation,   // the end, or a piece of the middle, is gone
  kDuplication,  // a structure, or a run of bytes, stands where another one stood
  kOverlap,      // a section lies over another part of the file
  kStrings,      // names of symbols and sections
  kGrowth,       // a table has more records than it had
};
constexpr size_t kMutantKinds = static_cast<size_t>(MutantKind::kGrowth) + 1;

/// What a table of results calls the kind.
const char *mutant_kind_name(MutantKind kind);

/// Damages `file`, whatever it holds, in one to three places, and stamps it.
void mutate_object(MutantKind kind, Random &random, std::string &file);

/// A mutant of `object`: the same one for the same arguments, on every machine.
std::string object_mutant(const std::string &object, MutantKind kind, uint64_t seed);

}  // namespace theseus::testing
