// SPDX-License-Identifier: MIT
// Fuzz target: reads any bytes as a multiboot2 loader's information.
#include <cstdint>
#include <cstdlib>

#include "nano_core/boot/multiboot2.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const paddr_t address = {0x10000};
  boot_info_t info = {};
  handed_range_t handed[kHanded] = {};
  unsigned sum = 0;
  if (multiboot2_read({data, size}, address, &info, handed).length != 0) return 0;
  // The command line lies inside: reading it must not fault. So does ACPI's root.
  for (size_t i = 0; i < info.command_line.length; i++) {
    sum += static_cast<unsigned char>(info.command_line.data[i]);
  }
  if (info.acpi_root.bytes != 0 && (info.acpi_root.bytes < address.bytes + 16 ||
                                    info.acpi_root.bytes > address.bytes + size - 20)) {
    std::abort();
  }
  if (info.region_count > kBootRegions || info.memory_bytes == 0) std::abort();
  if (handed[kHandedArchive].end - handed[kHandedArchive].start != info.archive.length)
    std::abort();
  return sum == 1 ? -1 : 0;  // keeps the reads
}
