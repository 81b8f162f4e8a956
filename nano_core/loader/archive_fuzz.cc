// SPDX-License-Identifier: MIT
// Fuzz target: walks through any bytes as an archive.
#include <cstdint>
#include <cstdlib>

#include "nano_core/loader/archive.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const bytes_t archive = {data, size};
  archive_entry_t entry = {};
  uint64_t cursor = 0;
  unsigned sum = 0;
  for (uint64_t before = 0; status_is_ok(archive_next(archive, &cursor, &entry));) {
    // Always forward, and names and contents lie inside: reading them must not fault.
    if (cursor <= before || cursor > size) std::abort();
    before = cursor;
    for (size_t i = 0; i < entry.name.length; i++)
      sum += static_cast<unsigned char>(entry.name.data[i]);
    for (size_t i = 0; i < entry.content.length; i++) sum += entry.content.data[i];
  }
  status_ignore(archive_find(archive, TEXT("a.o"), &entry), "any answer will do");
  return sum == 1 ? -1 : 0;  // keeps the reads
}
