// SPDX-License-Identifier: MIT
// Writes the firmware's tables as they might be on an odd machine, to be loaded at 0x70000.
//   make_tables KIND FILE
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "testing/hardware/tables.h"

namespace {

using tables::Bytes;
using tables::Memory;

// Where the pieces of Sound() lie.
uint64_t At(int place) { return tables::kBase + 0x400 * static_cast<uint64_t>(place); }
enum Place { kRoot, kXsdt, kRsdt, kFadt, kMadt, kHpet, kDsdt };

void Flip(Memory *memory, Place place, size_t offset) { (*memory)[At(place)][offset] ^= 0x40; }

// Right check sums, and nothing else is right.
void MakeNonsense(Memory *memory) {
  tables::FadtFields fadt;
  fadt.dsdt = 0xfffff000;
  fadt.control_a = 0xffffffff;
  fadt.century = 0xff;
  fadt.reset_space = 0x7f;
  (*memory)[At(kFadt)] = tables::Fadt(fadt);
  (*memory)[At(kMadt)] = tables::Madt({tables::Processor(0xff, 1),
                                       tables::Controller(0, 0x1000, 0),
                                       tables::Controller(1, 0, 0),
                                       tables::Controller(2, 0xfeb00000, 0),
                                       tables::Override(200, 2, 0),
                                       tables::Override(1, 0xffffffff, 0xa),
                                       {0x55, 0},
                                       tables::Processor(1, 1)});
  (*memory)[At(kHpet)] = tables::Hpet(0xfeb00000);
}

// Addresses that the processor cannot form, that wrap, and that nobody answers at.
void MakeFar(Memory *memory) {
  (*memory)[At(kXsdt)] = tables::RootTable(
      "XSDT", {0xfffffffffffff000, 0x000f000000000000, 0xfffffffffffffffe, 0xffffff0000,
               0x0000ffffffffff00, 0xfd000000, 0, 1, At(kXsdt), At(kFadt), At(kMadt), At(kHpet)});
}

void MakeMany(Memory *memory) {
  std::vector<Bytes> entries;
  for (uint32_t i = 0; i < 255; i++)
    entries.push_back(tables::Processor(static_cast<uint8_t>(i), 1));
  for (uint32_t i = 256; i < 700; i++) entries.push_back(tables::ExtendedProcessor(i, 1));
  entries.push_back(tables::Controller(0, 0xfec00000, 0));
  entries.push_back(tables::Override(0, 2, 0));
  memory->erase(At(kMadt));
  (*memory)[tables::kBase + 0x4000] = tables::Madt(entries);
  (*memory)[At(kXsdt)] = tables::RootTable("XSDT", {At(kFadt), tables::kBase + 0x4000, At(kHpet)});
}

// Says that there are processors which are not, before and behind one that is.
void MakeMissing(Memory *memory) {
  (*memory)[At(kMadt)] = tables::Madt(
      {tables::Processor(0, 1), tables::Processor(5, 1), tables::Processor(1, 1),
       tables::Processor(3, 1), tables::Controller(0, 0xfec00000, 0), tables::Override(0, 2, 0)});
}

// The I/O APIC is said to begin at global interrupt 1, so that every line of the ISA bus comes in
// one pin below its number: all work but line 5, which the HPET can only reach, and takes, by its
// own pin. The HPET ticks into a pin that is masked.
void MakeDeadHpet(Memory *memory) {
  std::vector<Bytes> entries = {tables::Processor(0, 1), tables::Controller(0, 0xfec00000, 1),
                                tables::Override(0, 3, 0), tables::Override(5, 17, 0)};
  for (const uint8_t line : {1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    entries.push_back(tables::Override(line, line + 1u, 0));
  (*memory)[At(kMadt)] = tables::Madt(entries);
}

const std::map<std::string, std::function<void(Memory *)>> &Kinds() {
  static const std::map<std::string, std::function<void(Memory *)>> kinds = {
      {"sound", [](Memory *) {}},
      {"bad_root", [](Memory *memory) { Flip(memory, kRoot, 10); }},
      {"bad_xsdt", [](Memory *memory) { Flip(memory, kXsdt, 10); }},
      {"bad_tables",
       [](Memory *memory) {
         for (const Place place : {kFadt, kMadt, kHpet}) Flip(memory, place, 38);
       }},
      {"bad_everything",
       [](Memory *memory) {
         for (const Place place : {kXsdt, kRsdt}) Flip(memory, place, 10);
       }},
      {"nonsense", MakeNonsense},
      {"far", MakeFar},
      {"dead_hpet", MakeDeadHpet},
      {"many", MakeMany},
      {"missing", MakeMissing},
  };
  return kinds;
}

}  // namespace

int main(int count, char **values) {
  const auto kind = count == 3 ? Kinds().find(values[1]) : Kinds().end();
  if (kind == Kinds().end()) {
    fprintf(stderr, "usage: make_tables KIND FILE; KIND is one of");
    for (const auto &[name, unused] : Kinds()) fprintf(stderr, " %s", name.c_str());
    fprintf(stderr, "\n");
    return 2;
  }
  Memory memory = tables::Sound();
  kind->second(&memory);
  const Bytes image = tables::Image(memory);
  std::ofstream out(values[2], std::ios::binary);
  out.write(reinterpret_cast<const char *>(image.data()),
            static_cast<std::streamsize>(image.size()));
  return out.flush().good() ? 0 : 1;
}
