// SPDX-License-Identifier: MIT
/// @file
/// What a loaded object must look like, worked out a second time: from the file, README.md and the
/// System V ABI's supplement for AMD64, without a line of the loader.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace theseus::testing {

/// Addresses at which an object is to run.
struct OracleAddresses {
  uint64_t text = 0;
  uint64_t rodata = 0;
  uint64_t stubs = 0;
  uint64_t stub_bytes = 0;
  uint64_t state_slots = 0;
};

/// What a loader made of an object.
struct LoadedObject {
  std::string text;    // the whole span, with what is behind the code
  std::string rodata;  // likewise
  std::map<std::string, uint64_t> exports;
};

/// Judges `loaded`: no writable section is in memory, and none but code is executable; each byte of
/// both spans is the file's, a relocation's right value, or filling; each relocated field lies
/// inside; each export is a function inside of the text.
/// @returns what is wrong; empty where all is right
std::string judge_placement(const std::string &file, const OracleAddresses &addresses,
                            const LoadedObject &loaded);

}  // namespace theseus::testing
