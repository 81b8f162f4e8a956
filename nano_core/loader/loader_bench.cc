// SPDX-License-Identifier: MIT
// What it costs to parse, check, place and relocate an object of 100 KB with 1,000 relocations; the
// hash is not in it. Prints `loader.100k VALUE us`, the median of batches.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "nano_core/loader/object.h"
#include "nano_core/loader/testing/elf_builder.h"

namespace {

using theseus::testing::ElfBuilder;

constexpr int kExports = 12;
constexpr int kImports = 24;
constexpr int kStates = 2;
constexpr int kLocals = 200;
constexpr int kRelocations = 1000;
constexpr uint64_t kTextBytes = 80 << 10;
constexpr uint64_t kRodataBytes = 20 << 10;
constexpr int kBatches = 51;
constexpr int kRepetitions = 20;

std::string numbered(const char *before, int number, const char *after) {
  char text[128];
  std::snprintf(text, sizeof(text), "%s%03d%s", before, number, after);
  return text;
}

std::string manifest() {
  std::string text = "theseus 1\nhash " + std::string(kManifestHashDigits, '0') +
                     "\nname bench\nimplements bench\ninterface 1\nversion 1\n"
                     "summary is loaded again and again\ninit lazy\nstack 4096\n";
  for (int i = 0; i < kExports; i++) {
    text += numbered("export bench_function_", i, " 0123456789abcdef iip:8@8\n");
  }
  for (int i = 0; i < kImports; i++) {
    text += numbered("import provider provider_function_", i, " 0123456789abcdef\n");
  }
  for (int i = 0; i < kStates; i++) {
    text += numbered("state bench_", i, " 0123456789abcdef 1 4096\n");
  }
  return text + "end\n";
}

void add_symbols(ElfBuilder &builder) {
  for (int i = 0; i < kLocals; i++) {
    builder.symbol({.name = numbered("helper_function_", i, ""),
                    .bind = kElfBindLocal,
                    .type = kElfSymbolFunction,
                    .section = ".text",
                    .value = static_cast<uint64_t>(i) * 64,
                    .bytes = 64});
  }
  for (int i = 0; i < kExports; i++) {
    builder.symbol({.name = numbered("bench_function_", i, ""),
                    .type = kElfSymbolFunction,
                    .section = ".text",
                    .value = static_cast<uint64_t>(i) * 64,
                    .bytes = 64});
  }
  for (int i = 0; i < kImports; i++) {
    builder.symbol({.name = numbered("provider_function_", i, "")});
  }
  for (int i = 0; i < kStates; i++) builder.symbol({.name = numbered("state_bench_", i, "")});
}

// A fifth calls of imports, a tenth state, a tenth pointers among constants, the rest local.
void add_relocations(ElfBuilder &builder) {
  for (int i = 0; i < kRelocations; i++) {
    const uint64_t offset = static_cast<uint64_t>(i) * 80;
    const int kind = i % 10;
    if (kind < 2) {
      builder.relocation(".text", {offset, kElfRelocationPlt32,
                                   numbered("provider_function_", i % kImports, ""), -4});
    } else if (kind == 2) {
      builder.relocation(
          ".text", {offset, kElfRelocationPc32, numbered("state_bench_", i % kStates, ""), -4});
    } else if (kind == 3) {
      builder.relocation(".rodata", {offset / 4, kElfRelocation64, ".text", int64_t{8} * i});
    } else if (kind < 7) {
      builder.relocation(".text", {offset, kElfRelocation32S, ".rodata", int64_t{16} * i});
    } else {
      builder.relocation(
          ".text", {offset, kElfRelocationPc32, numbered("helper_function_", i % kLocals, ""), -4});
    }
  }
}

std::string make_object() {
  ElfBuilder builder;
  builder
      .section({.name = ".text",
                .flags = kElfFlagAllocate | kElfFlagExecute,
                .data = std::string(kTextBytes, '\x90'),
                .alignment = 16})
      .section({.name = ".rodata",
                .flags = kElfFlagAllocate,
                .data = std::string(kRodataBytes, 'x'),
                .alignment = 16})
      .manifest(manifest());
  add_symbols(builder);
  add_relocations(builder);
  return builder.build().bytes();
}

void load(const std::string &file, object_t *object, const object_placement_t &placement) {
  message_t message = {};
  if (!status_is_ok(object_parse(theseus::testing::bytes_of(file), object, &message)) ||
      !status_is_ok(object_place(object, &placement, &message))) {
    std::fprintf(stderr, "the loader refused the specimen: %s\n", message.text);
    std::exit(1);
  }
}

double microseconds_per_load(const std::string &file) {
  const auto object = std::make_unique<object_t>();
  std::vector<uint8_t> text(kTextBytes);
  std::vector<uint8_t> rodata(kRodataBytes);
  const object_placement_t placement = {.text = {text.data(), text.size()},
                                        .rodata = {rodata.data(), rodata.size()},
                                        .text_address = 0xffffffff90000000,
                                        .rodata_address = 0xffffffff91000000,
                                        .stubs_address = 0xffffffff92000000,
                                        .stub_bytes = 64,
                                        .state_slots_address = 0xffffffff93000000};
  std::vector<double> batches;
  for (int i = 0; i < kBatches; i++) {
    const auto start = std::chrono::steady_clock::now();
    for (int j = 0; j < kRepetitions; j++) load(file, object.get(), placement);
    const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
    batches.push_back(time.count() / kRepetitions);
  }
  std::nth_element(batches.begin(), batches.begin() + kBatches / 2, batches.end());
  return batches[kBatches / 2];
}

}  // namespace

int main() {
  std::printf("loader.100k %.1f us\n", microseconds_per_load(make_object()));
  return 0;
}
