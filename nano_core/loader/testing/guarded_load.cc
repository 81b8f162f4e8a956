// SPDX-License-Identifier: MIT
#include "nano_core/loader/testing/guarded_load.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "nano_core/loader/object.h"
#include "nano_core/loader/testing/placement_oracle.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes) (static_cast<void>(address))
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) (static_cast<void>(address))
#endif

namespace theseus::testing {
namespace {

constexpr size_t kGuardBytes = 4096;
constexpr uint8_t kGuard = 0xa5;
constexpr size_t kPageBytes = 4096;

// As nano_core lays an instance out: the stubs follow the code, the slots follow the constants.
constexpr OracleAddresses kAddresses = {.text = 0xffffffff90000000,
                                        .rodata = 0xffffffff91000000,
                                        .stubs = 0xffffffff90800000,
                                        .stub_bytes = 64,
                                        .state_slots = 0xffffffff91800000};

// Memory that a loader may write to, between two zones that it may not. With AddressSanitizer a
// single byte read or written there ends the program; without, written ones are found afterwards.
class Guarded {
 public:
  explicit Guarded(size_t bytes) : memory_(bytes + 2 * kGuardBytes, kGuard), bytes_(bytes) {
    ASAN_POISON_MEMORY_REGION(memory_.data(), kGuardBytes);
    ASAN_POISON_MEMORY_REGION(memory_.data() + kGuardBytes + bytes, kGuardBytes);
  }
  ~Guarded() { ASAN_UNPOISON_MEMORY_REGION(memory_.data(), memory_.size()); }
  Guarded(const Guarded &) = delete;
  Guarded &operator=(const Guarded &) = delete;

  byte_span_t span() { return {memory_.data() + kGuardBytes, bytes_}; }
  std::string bytes() {
    return std::string(reinterpret_cast<const char *>(span().data), span().length);
  }
  bool is_intact() {
    ASAN_UNPOISON_MEMORY_REGION(memory_.data(), memory_.size());
    const auto is_guard = [](uint8_t byte) { return byte == kGuard; };
    return std::all_of(memory_.begin(), memory_.begin() + kGuardBytes, is_guard) &&
           std::all_of(memory_.end() - kGuardBytes, memory_.end(), is_guard);
  }

 private:
  std::vector<uint8_t> memory_;
  size_t bytes_;
};

size_t pages_of(uint64_t bytes) { return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes; }

LoadResult refused(status_t status, const message_t &message) {
  LoadResult result;
  if (!status_is(status, STATUS_BAD_OBJECT)) result.defect = "the error is not BAD_OBJECT";
  const void *end = std::memchr(message.text, '\0', sizeof(message.text));
  if (end == nullptr) {
    result.defect = "the message has no end";
    return result;
  }
  result.reason = message.text;
  if (result.reason.empty()) result.defect = "there is no message";
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (!std::all_of(result.reason.begin(), result.reason.end(), is_printable)) {
    result.defect = "the message is not printable";
  }
  return result;
}

std::map<std::string, uint64_t> exports_of(const object_t &object,
                                           const object_placement_t &placement) {
  std::map<std::string, uint64_t> exports;
  for (size_t i = 0; i < object.layout.export_count; i++) {
    manifest_export_t line = {};
    uint64_t address = 0;
    if (!status_is_ok(manifest_export(&object.manifest, i, &line))) continue;
    if (!status_is_ok(object_export_entry(&object, &placement, i, &address))) continue;
    exports.emplace(std::string(line.function.data, line.function.length), address);
  }
  return exports;
}

LoadResult place(const std::string &file, const object_t &object) {
  Guarded text(pages_of(object.layout.text_bytes));
  Guarded rodata(pages_of(object.layout.rodata_bytes));
  const object_placement_t placement = {.text = text.span(),
                                        .rodata = rodata.span(),
                                        .text_address = kAddresses.text,
                                        .rodata_address = kAddresses.rodata,
                                        .stubs_address = kAddresses.stubs,
                                        .stub_bytes = kAddresses.stub_bytes,
                                        .state_slots_address = kAddresses.state_slots};
  message_t message = {};
  const status_t status = object_place(&object, &placement, &message);
  const bool is_intact = text.is_intact() && rodata.is_intact();
  LoadResult result;
  result.loaded = true;
  if (!status_is_ok(status)) {
    result = refused(status, message);
  } else {
    result.defect = judge_placement(file, kAddresses,
                                    {text.bytes(), rodata.bytes(), exports_of(object, placement)});
  }
  if (!is_intact) result.defect = "bytes beside the spans were written";
  return result;
}

}  // namespace

LoadResult load_guarded(const std::string &file) {
  // Exactly as long as the file, so that a sanitizer sees each byte read behind it.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[file.size()]);
  std::memcpy(exact.get(), file.data(), file.size());
  const bytes_t bytes = {exact.get(), file.size()};
  const auto object = std::make_unique<object_t>();
  message_t message = {};
  status_t status = object_parse(bytes, object.get(), &message);
  if (status_is_ok(status)) status = object_verify_hash(bytes, object.get(), &message);
  return status_is_ok(status) ? place(file, *object) : refused(status, message);
}

}  // namespace theseus::testing
