// SPDX-License-Identifier: MIT
// Fuzz target: loads any bytes as an object, stamped first, so that the hash does not stop what the
// checks must stop.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "nano_core/loader/object.h"
#include "nano_core/loader/testing/elf_builder.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace {

constexpr uint64_t kText = 0xffffffff90000000;
constexpr uint64_t kRodata = 0xffffffff90100000;

void expect(bool condition) {
  if (!condition) std::abort();
}

// Exports of a placed object lie in its text.
void check_exports(const object_t &object, const object_placement_t &placement) {
  for (size_t i = 0; i < object.layout.export_count; i++) {
    uint64_t address = 0;
    expect(status_is_ok(object_export_entry(&object, &placement, i, &address)));
    expect(address >= kText && address <= kText + object.layout.text_bytes);
  }
}

void place(const object_t &object) {
  std::vector<uint8_t> text(object.layout.text_bytes);
  std::vector<uint8_t> rodata(object.layout.rodata_bytes);
  const object_placement_t placement = {.text = {text.data(), text.size()},
                                        .rodata = {rodata.data(), rodata.size()},
                                        .text_address = kText,
                                        .rodata_address = kRodata,
                                        .stubs_address = 0xffffffff90200000,
                                        .stub_bytes = 64,
                                        .state_slots_address = 0xffffffff90300000};
  message_t message = {};
  if (status_is_ok(object_place(&object, &placement, &message))) check_exports(object, placement);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string stamped(reinterpret_cast<const char *>(data), size);
  theseus::testing::stamp(stamped);
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[size]);
  std::memcpy(exact.get(), stamped.data(), size);
  const bytes_t file = {exact.get(), size};
  const auto object = std::make_unique<object_t>();
  message_t message = {};
  const status_t status = object_parse(file, object.get(), &message);
  if (status_is_ok(status)) {
    status_ignore(object_verify_hash(file, object.get(), &message), "there may be two manifests");
    place(*object);
  } else {
    expect(status_is(status, STATUS_BAD_OBJECT) && message.text[0] != '\0');
  }
  return 0;
}
