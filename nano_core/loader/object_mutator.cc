// SPDX-License-Identifier: MIT
// How libFuzzer makes new objects: blindly, or field by field; stamped each time, so that the
// corpus holds files as they would arrive.
#include <algorithm>
#include <cstring>
#include <string>

#include "nano_core/loader/testing/elf_builder.h"
#include "nano_core/loader/testing/object_mutant.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
  using theseus::testing::MutantKind;
  theseus::testing::Random random(seed);
  if (random.once_in(3)) size = LLVMFuzzerMutate(data, size, most);
  std::string file(reinterpret_cast<const char *>(data), size);
  const auto kind = static_cast<MutantKind>(random.below(theseus::testing::kMutantKinds));
  theseus::testing::mutate_object(kind, random, file);
  const size_t length = std::min(file.size(), most);
  std::memcpy(data, file.data(), length);
  return length;
}
