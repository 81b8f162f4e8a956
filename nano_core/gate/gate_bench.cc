// SPDX-License-Identifier: MIT
// gate.call: a call through a gate beyond a direct call, in cycles of this processor. Both are
// timed in turn, in batches, because the time stamp is coarse.
#include <x86intrin.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "nano_core/gate/gate.h"
#include "nano_core/gate/host_gate.h"
#include "nano_core/gate/measure.h"

namespace {

constexpr uint64_t kCalls = 100000;
constexpr int kRounds = 41;

double CyclesPerCall(uint64_t entry) {
  const uint64_t start = __rdtsc();
  measure_calls(entry, kCalls);
  return static_cast<double>(__rdtsc() - start) / kCalls;
}

}  // namespace

int main() {
  HostGate gate;
  gate.Emit(0);
  const auto callee = reinterpret_cast<uint64_t>(measure_nothing);
  *gate.slot(0) = {callee, FakeInstance(1)};
  measure_calls(gate.StubAddress(0), kCalls);
  for (int round = 0; round < kRounds; round++) {
    const double direct = CyclesPerCall(callee);
    const double gated = CyclesPerCall(gate.StubAddress(0));
    std::printf("gate.direct %.2f cycles\n", direct);
    std::printf("gate.call %.2f cycles\n", gated - direct);
  }
  return 0;
}

extern "C" int resolver_resolve() { return 0; }  // gate.S refers to it; no slot here is unbound
