// SPDX-License-Identifier: MIT
// Fuzz target: parses any bytes as a manifest and reads every line of what is accepted.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "nano_core/loader/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace {

void expect(bool condition) {
  if (!condition) std::abort();
}

void read_all(const manifest_t &manifest) {
  manifest_export_t published = {};
  manifest_import_t import = {};
  manifest_state_t state = {};
  text_t word = {};
  for (size_t i = 0; i < manifest.exports.count; i++) {
    expect(status_is_ok(manifest_export(&manifest, i, &published)));
    expect(manifest_is_name(published.function));
  }
  for (size_t i = 0; i < manifest.imports.count; i++) {
    expect(status_is_ok(manifest_import(&manifest, i, &import)));
    expect(manifest_is_name(import.provider) && manifest_is_name(import.function));
  }
  for (size_t i = 0; i < manifest.states.count; i++) {
    expect(status_is_ok(manifest_state(&manifest, i, &state)));
    expect(manifest_is_name(state.name) && state.bytes <= kManifestStateBytes);
  }
  for (size_t i = 0; i < manifest.clients.count; i++) {
    expect(status_is_ok(manifest_client(&manifest, i, &word)) && manifest_is_name(word));
  }
  for (size_t i = 0; i < manifest.rights.count; i++) {
    expect(status_is_ok(manifest_right(&manifest, i, &word)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  manifest_t manifest = {};
  message_t message = {};
  const text_t text = {reinterpret_cast<const char *>(data), size};
  const status_t status = manifest_parse(text, &manifest, &message);
  if (status_is_ok(status)) {
    read_all(manifest);
  } else {
    expect(status_is(status, STATUS_BAD_OBJECT) && message.text[0] != '\0');
    expect(std::memchr(message.text, '\0', sizeof(message.text)) != nullptr);
  }
  return 0;
}
