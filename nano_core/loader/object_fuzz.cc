// SPDX-License-Identifier: MIT
// Fuzz target: loads any bytes as an object, stamped first, so that the hash does not stop what the
// checks must stop. What is accepted is judged by an oracle.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "nano_core/loader/testing/elf_builder.h"
#include "nano_core/loader/testing/guarded_load.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string file(reinterpret_cast<const char *>(data), size);
  theseus::testing::stamp(file);
  const theseus::testing::LoadResult result = theseus::testing::load_guarded(file);
  if (result.defect.empty()) return 0;
  std::fprintf(stderr, "the loader's defect: %s\n", result.defect.c_str());
  std::abort();
}
