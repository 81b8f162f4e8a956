// SPDX-License-Identifier: MIT
#include "testing/step/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace step {
namespace {

// Page tables: four levels of 512 entries; a large page ends the way early.
constexpr uint64_t kPresent = 1;
constexpr uint64_t kLarge = 0x80;
constexpr uint64_t kFrameMask = 0x000ffffffffff000;
constexpr unsigned kEntryBits = 9;
constexpr unsigned kTopShift = 39;
constexpr unsigned kPageShift = 12;

}  // namespace

Memory::Memory(unsigned mebibytes) : bytes_(static_cast<size_t>(mebibytes) << 20) {
  descriptor_ = memfd_create("machine", MFD_CLOEXEC);
  if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(bytes_)) != 0) {
    throw std::runtime_error("no memory for the machine");
  }
  void *start = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (start == MAP_FAILED) throw std::runtime_error("the machine's memory cannot be mapped");
  start_ = static_cast<uint8_t *>(start);
}

Memory::~Memory() {
  munmap(start_, bytes_);
  close(descriptor_);
}

std::vector<std::string> Memory::QemuWords() const {
  return {"-object",
          "memory-backend-file,id=memory,share=on,size=" + std::to_string(bytes_) +
              ",mem-path=/proc/self/fd/" + std::to_string(descriptor_),
          "-machine", "memory-backend=memory"};
}

uint8_t *Memory::Physical(uint64_t address) const {
  if (address >= bytes_) throw std::runtime_error("a page table leads out of the memory");
  return start_ + address;
}

uint64_t Memory::Entry(uint64_t table, unsigned index) const {
  uint64_t entry;
  std::memcpy(&entry, Physical(table + index * sizeof entry), sizeof entry);
  return entry;
}

uint8_t *Memory::At(uint64_t address) const {
  uint64_t table = root_;
  for (unsigned shift = kTopShift;; shift -= kEntryBits) {
    const uint64_t entry = Entry(table, address >> shift & ((1u << kEntryBits) - 1));
    if ((entry & kPresent) == 0) {
      char text[64];
      std::snprintf(text, sizeof text, "no memory is mapped at 0x%llx",
                    static_cast<unsigned long long>(address));
      throw std::runtime_error(text);
    }
    const uint64_t inside = (UINT64_C(1) << shift) - 1;
    if (shift == kPageShift || (entry & kLarge) != 0) {
      return Physical((entry & kFrameMask & ~inside) | (address & inside));
    }
    table = entry & kFrameMask;
  }
}

std::string Memory::Read(uint64_t address, size_t bytes) const {
  std::string read;
  while (read.size() < bytes) {
    const uint64_t at = address + read.size();
    const size_t rest = std::min<size_t>(bytes - read.size(), kPageBytes - at % kPageBytes);
    read.append(reinterpret_cast<const char *>(At(at)), rest);
  }
  return read;
}

uint64_t Memory::ReadNumber(uint64_t address) const {
  uint64_t number;
  std::memcpy(&number, Read(address, sizeof number).data(), sizeof number);
  return number;
}

void Memory::Write(uint64_t address, std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t part = std::min<size_t>(bytes.size(), kPageBytes - address % kPageBytes);
    std::memcpy(At(address), bytes.data(), part);
    address += part;
    bytes.remove_prefix(part);
  }
}

void Memory::WriteNumber(uint64_t address, uint64_t value) {
  Write(address, {reinterpret_cast<const char *>(&value), sizeof value});
}

}  // namespace step
