// SPDX-License-Identifier: MIT
#include "nano_core/instance/blob.h"

#include "nano_core/arch/paging.h"
#include "nano_core/memory/mapping.h"

static blob_t *find(core_t *core, text_t name) {
  for (size_t i = 0; i < kBlobs; i++) {
    if (core->blobs[i].used && text_equal(name_text(&core->blobs[i].name), name)) {
      return &core->blobs[i];
    }
  }
  return nullptr;
}

static status_t make(core_t *core, const manifest_state_t *state, blob_t **made) {
  for (size_t i = 0; i < kBlobs; i++) {
    blob_t *blob = &core->blobs[i];
    if (blob->used) continue;
    *blob = (blob_t){
        .fingerprint = state->fingerprint, .bytes = state->bytes, .version = state->version};
    TRY(name_set(&blob->name, state->name));
    TRY(mapping_create(kAreaRecords, pages_for(state->bytes), kPageWritable, &blob->memory));
    blob->used = true;
    *made = blob;
    return OK;
  }
  return ERR(NO_MEMORY);
}

static status_t refuse(const blob_t *blob, const manifest_state_t *state, message_t *message) {
  message_clear(message);
  message_text(message, TEXT("blob "));
  message_text(message, state->name);
  message_text(message, TEXT(" is version "));
  message_decimal(message, blob->version);
  message_text(message, TEXT(" "));
  message_hexadecimal(message, blob->fingerprint);
  message_text(message, TEXT(", the object declares version "));
  message_decimal(message, state->version);
  message_text(message, TEXT(" "));
  message_hexadecimal(message, state->fingerprint);
  return ERR(INCOMPATIBLE);
}

status_t blob_bind(const manifest_state_t *state, uint32_t *number, message_t *message) {
  core_t *core = core_current();
  blob_t *blob = find(core, state->name);
  if (blob == nullptr) {
    const status_t status = make(core, state, &blob);
    if (!status_is_ok(status)) {
      message_clear(message);
      message_text(message, TEXT("no memory for blob "));
      message_text(message, state->name);
      return ERR(NO_MEMORY);
    }
  }
  if (blob->fingerprint != state->fingerprint || blob->version != state->version ||
      blob->bytes != state->bytes) {
    return refuse(blob, state, message);
  }
  blob->owners++;
  *number = (uint32_t)(blob - core->blobs);
  return OK;
}

bool blob_exists(text_t name) { return find(core_current(), name) != nullptr; }

bool blob_release(uint32_t number) {
  blob_t *blob = &core_current()->blobs[number];
  blob->owners--;
  if (blob->owners > 0) return false;
  mapping_destroy(&blob->memory);
  *blob = (blob_t){};
  return true;
}

status_t blob_retain(text_t name) {
  blob_t *blob = find(core_current(), name);
  if (blob == nullptr) return ERR(NOT_FOUND);
  if (!blob->retained) {
    blob->retained = true;
    blob->owners++;
  }
  return OK;
}
