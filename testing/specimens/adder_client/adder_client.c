// SPDX-License-Identifier: MIT
#include "testing/specimens/adder_client/adder_client.h"

#include "testing/specimens/adder/adder.h"

u64_result_t adder_client_triple(uint64_t a) {
  const u64_result_t twice = adder_add(a, a);
  if (!status_is_ok(twice.status)) return twice;
  return adder_add(twice.value, a);
}
