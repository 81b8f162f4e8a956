// SPDX-License-Identifier: MIT
#include "nano_core/gate/gate.h"

#include <gtest/gtest.h>

#include <cstring>

#include "nano_core/api/status.h"
#include "nano_core/gate/host_gate.h"

namespace {

HostGate *g_gate;
gate_frame_t g_seen;
uint64_t g_bound_entry;

struct Resolution {
  uint64_t status;
  uint64_t restart;
};

struct Answer {
  uint64_t rax;
  uint64_t rdx;
};

Answer Sum(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) {
  g_seen = g_gate->top()[-1];
  return {STATUS_OK, a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f};
}

// A callee that leaves through the fault path: what fault_end_call does, on the host.
[[noreturn]] void ReturnFault() {
  gate_frame_t *frame = g_gate->top() - 1;
  g_gate->set_top(frame);
  asm volatile(
      "movq 8(%0), %%rbx\n\tmovq 16(%0), %%rbp\n\tmovq 24(%0), %%r12\n\t"
      "movq 32(%0), %%r13\n\tmovq 40(%0), %%r14\n\tmovq 48(%0), %%r15\n\t"
      "movq 64(%0), %%rsp\n\tmovq 56(%0), %%rcx\n\t"
      "movl $12, %%eax\n\txorl %%edx, %%edx\n\tjmpq *%%rcx"
      :
      : "D"(frame));
  __builtin_unreachable();
}

Answer Faulting() {
  g_seen = g_gate->top()[-1];
  ReturnFault();
}

using SumFunction = Answer (*)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
using PlainFunction = Answer (*)();

template <typename Function>
uint64_t AddressOf(Function *function) {
  return reinterpret_cast<uint64_t>(function);
}

class GateTest : public testing::Test {
 protected:
  GateTest() { g_gate = &gate_; }

  void Bind(size_t index, uint64_t entry, uint64_t instance) {
    *gate_.slot(index) = {entry, FakeInstance(instance)};
  }

  HostGate gate_;
};

TEST_F(GateTest, Stub_SixArguments_ArriveAndTheAnswerComesBack) {
  gate_.Emit(0);
  Bind(0, AddressOf(Sum), 7);
  const Answer answer = gate_.As<SumFunction>(0)(1, 2, 3, 4, 5, 6);
  EXPECT_EQ(answer.rax, uint64_t{STATUS_OK});
  EXPECT_EQ(answer.rdx, 654321u);
}

TEST_F(GateTest, Stub_DuringTheCall_FrameNamesTheInstanceAndTheCaller) {
  gate_.Emit(1);
  Bind(1, AddressOf(Sum), 9);
  (void)gate_.As<SumFunction>(1)(0, 0, 0, 0, 0, 0);
  EXPECT_EQ(g_seen.instance, FakeInstance(9));
  EXPECT_NE(g_seen.return_address, 0u);
  EXPECT_NE(g_seen.stack_pointer, 0u);
}

TEST_F(GateTest, Stub_AfterTheCall_GateStackIsAsBefore) {
  gate_.Emit(0);
  Bind(0, AddressOf(Sum), 7);
  for (int i = 0; i < 3; i++) (void)gate_.As<SumFunction>(0)(0, 0, 0, 0, 0, 0);
  EXPECT_EQ(gate_.top(), gate_.base());
}

TEST_F(GateTest, Stub_CalleeFaults_CallerGetsFaultAndGoesOn) {
  gate_.Emit(0);
  Bind(0, AddressOf(Faulting), 7);
  const Answer answer = gate_.As<PlainFunction>(0)();
  EXPECT_EQ(answer.rax, uint64_t{STATUS_FAULT});
  EXPECT_EQ(answer.rdx, 0u);
  EXPECT_EQ(gate_.top(), gate_.base());
}

TEST_F(GateTest, Invoke_SixArguments_ArriveAndTheAnswerComesBack) {
  const gate_slot_t slot = {AddressOf(Sum), FakeInstance(3)};
  const uint64_t arguments[kGateArguments] = {6, 5, 4, 3, 2, 1};
  gate_result_t result;
  gate_invoke(&slot, arguments, &result);
  EXPECT_EQ(result.rdx, 123456u);
  EXPECT_EQ(g_seen.instance, FakeInstance(3));
  EXPECT_EQ(gate_.top(), gate_.base());
}

TEST_F(GateTest, Invoke_CalleeFaults_ResultIsFault) {
  const gate_slot_t slot = {AddressOf(Faulting), FakeInstance(3)};
  const uint64_t arguments[kGateArguments] = {};
  gate_result_t result = {99, 99};
  gate_invoke(&slot, arguments, &result);
  EXPECT_EQ(result.rax, uint64_t{STATUS_FAULT});
  EXPECT_EQ(result.rdx, 0u);
  EXPECT_EQ(gate_.top(), gate_.base());
}

TEST_F(GateTest, Direct_Call_PassesWithoutAFrame) {
  gate_.EmitDirect(2);
  Bind(2, AddressOf(+[]() -> Answer { return {g_gate->top() == g_gate->base(), 5}; }), 0);
  const Answer answer = gate_.As<PlainFunction>(2)();
  EXPECT_EQ(answer.rax, 1u);
  EXPECT_EQ(answer.rdx, 5u);
}

TEST_F(GateTest, Stub_Unbound_ResolverBindsAndTheCallIsMade) {
  gate_.Emit(0);
  Bind(0, AddressOf(resolver_entry), 0);
  g_bound_entry = AddressOf(Sum);
  const Answer answer = gate_.As<SumFunction>(0)(1, 2, 3, 4, 5, 6);
  EXPECT_EQ(answer.rdx, 654321u);
  EXPECT_EQ(g_seen.instance, FakeInstance(5));
  EXPECT_EQ(gate_.top(), gate_.base());
}

TEST_F(GateTest, Stub_NobodyServes_CallerGetsUnavailable) {
  gate_.Emit(0);
  Bind(0, AddressOf(resolver_entry), 0);
  g_bound_entry = 0;
  const Answer answer = gate_.As<SumFunction>(0)(1, 2, 3, 4, 5, 6);
  EXPECT_EQ(answer.rax, uint64_t{STATUS_UNAVAILABLE});
  EXPECT_EQ(answer.rdx, 0u);
  EXPECT_EQ(gate_.top(), gate_.base());
}

TEST_F(GateTest, Invoke_Unbound_ResolverBindsAndTheCallIsMade) {
  gate_slot_t *slot = gate_.slot(3);
  *slot = {AddressOf(resolver_entry), nullptr};
  g_bound_entry = AddressOf(Sum);
  const uint64_t arguments[kGateArguments] = {1, 1, 1, 1, 1, 1};
  gate_result_t result;
  gate_invoke(slot, arguments, &result);
  EXPECT_EQ(result.rdx, 111111u);
  EXPECT_EQ(gate_.top(), gate_.base());
}

TEST_F(GateTest, Stub_Length_FitsItsPlace) {
  gate_.Emit(0);
  const auto *code = reinterpret_cast<const uint8_t *>(gate_.StubAddress(0));
  EXPECT_EQ(code[STUB_BYTES - 1], 0xcc);  // the rest of a stub's place is traps
}

}  // namespace

// What gate.S calls: binds the slot, or says that nobody serves it.
extern "C" Resolution resolver_resolve(uint64_t return_address, const gate_frame_t *frame) {
  if (g_bound_entry == 0) return {STATUS_UNAVAILABLE, 0};
  if (return_address == AddressOf(gate_invoke_return)) {
    *reinterpret_cast<gate_slot_t *>(frame->rbx) = {g_bound_entry, FakeInstance(5)};
    return {STATUS_OK, AddressOf(gate_invoke_start)};
  }
  const size_t index = (return_address - g_gate->StubAddress(0)) / STUB_BYTES;
  *g_gate->slot(index) = {g_bound_entry, FakeInstance(5)};
  return {STATUS_OK, g_gate->StubAddress(index)};
}
