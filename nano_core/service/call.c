// SPDX-License-Identifier: MIT
#include "nano_core/api/instances.h"
#include "nano_core/core/lock.h"
#include "nano_core/gate/reference.h"
#include "nano_core/gate/resolve.h"
#include "nano_core/instance/instance.h"
#include "nano_core/instance/interface.h"

static status_t refuse(call_outcome_t *outcome, status_t status, text_t a, text_t b, text_t c) {
  message_t message = {};
  message_text(&message, a);
  message_text(&message, b);
  message_text(&message, c);
  *outcome = (call_outcome_t){};
  __builtin_memcpy(outcome->message, message.text, sizeof(message.text));
  return status;
}

// `shape` is a letter per parameter, `:`, size `@` offset.
static status_t check_shape(text_t function, text_t shape, uint64_t count,
                            call_outcome_t *outcome) {
  uint64_t parameters = 0;
  while (parameters < shape.length && shape.data[parameters] != ':') {
    if (shape.data[parameters++] == 'i') continue;
    return refuse(outcome, ERR(INVALID_ARGUMENT), function, TEXT(" takes more than integers: "),
                  shape);
  }
  if (parameters == count) return OK;
  return refuse(outcome, ERR(INVALID_ARGUMENT), function,
                TEXT(" takes another number of arguments: "), shape);
}

// The value of at most eight bytes at its offset in the 16 bytes that came back.
static uint64_t value_of(text_t shape, const gate_result_t *result) {
  size_t at = 0;
  while (at < shape.length && shape.data[at] != ':') at++;
  uint64_t numbers[2] = {};
  for (size_t n = 0; ++at < shape.length;) {
    if (shape.data[at] == '@') {
      n = 1;
    } else {
      numbers[n] = numbers[n] * 10 + (uint64_t)(shape.data[at] - '0');
    }
  }
  uint64_t value = 0;
  if (numbers[0] > sizeof(value) || numbers[1] + numbers[0] > sizeof(*result)) return 0;
  __builtin_memcpy(&value, (const uint8_t *)result + numbers[1], numbers[0]);
  return value;
}

static status_t find_export(text_t name, text_t function, interface_record_t **provider,
                            const instance_export_entry_t **export, call_outcome_t *outcome) {
  if (interface_find(name) == nullptr && object_find_implementing(name) == nullptr) {
    return refuse(outcome, ERR(NOT_FOUND), TEXT("nobody serves "), name, TEXT("; try cells"));
  }
  TRY(interface_obtain(name, provider));
  const status_t ready = resolver_make_ready(*provider);
  if (!status_is_ok(ready)) {
    return refuse(outcome, ready, name, TEXT(" is not served now"), TEXT("; try load"));
  }
  *export = instance_find_export((*provider)->serving, function);
  if (*export != nullptr) return OK;
  return refuse(outcome, ERR(NOT_FOUND), name, TEXT(" does not publish "), function);
}

status_t instance_call(text_t name, text_t function, const call_arguments_t *arguments,
                       call_outcome_t *outcome) {
  if (!core_may_lock()) return ERR(UNAVAILABLE);
  core_lock();
  interface_record_t *provider = nullptr;
  const instance_export_entry_t *export = nullptr;
  status_t status = find_export(name, function, &provider, &export, outcome);
  if (status_is_ok(status) && text_equal(export->shape, TEXT("direct"))) {
    status = refuse(outcome, ERR(DENIED), function, TEXT(" has no gate"), TEXT(""));
  }
  if (status_is_ok(status)) {
    status = check_shape(function, export->shape, arguments->count, outcome);
  }
  reference_result_t reference = {};
  if (status_is_ok(status)) {
    reference = reference_make_for(provider, function);
    status = reference.status;
  }
  const text_t shape = status_is_ok(status) ? export->shape : (text_t){};
  core_unlock();
  TRY(status);
  gate_result_t result;
  reference_invoke(reference.value, arguments->values, &result);
  *outcome = (call_outcome_t){.status = {(uint32_t)result.rax}, .value = value_of(shape, &result)};
  return reference_release(reference.value);
}
