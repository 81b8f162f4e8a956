// SPDX-License-Identifier: MIT
// Interrupts a gate at every one of its instructions, by the trap flag, and commits a swap there:
// the instance in the frame and the one whose code runs must always be the same.
#include <gtest/gtest.h>
#include <signal.h>
#include <ucontext.h>

#include <cstring>

#include "nano_core/gate/gate.h"
#include "nano_core/gate/host_gate.h"

namespace {

constexpr uint64_t kTrapFlag = 0x100;

HostGate *g_gate;
gate_slot_t *g_slot;
gate_slot_t g_new_version;
size_t g_interrupt_at;  // counts the instructions of the gate
size_t g_instructions;
bool g_interrupted;
uint64_t g_served_by;
uint64_t g_frame_names;

uint64_t Serve(uint64_t number) {
  g_served_by = number;
  g_frame_names = reinterpret_cast<uint64_t>((g_gate->top() - 1)->instance) >> 12;
  return 0;
}

uint64_t OldVersion() { return Serve(1); }
uint64_t NewVersion() { return Serve(2); }

template <typename Function>
uint64_t AddressOf(Function *function) {
  return reinterpret_cast<uint64_t>(function);
}

bool IsInStub(uint64_t instruction) { return instruction - g_gate->StubAddress(0) < STUB_BYTES; }

bool IsInInvoke(uint64_t instruction) {
  return (instruction >= AddressOf(gate_invoke_start) &&
          instruction < AddressOf(gate_invoke_return)) ||
         (instruction >= AddressOf(gate_pass_start) && instruction < AddressOf(gate_pass_return));
}

// What interrupt_handle does first, and then a commit.
void Interrupt(greg_t *registers) {
  auto instruction = static_cast<uint64_t>(registers[REG_RIP]);
  if (IsInStub(instruction)) {
    const gate_position_t position =
        gate_rewind(instruction - g_gate->StubAddress(0), g_gate->StubAddress(0), g_gate->top(),
                    static_cast<uint64_t>(registers[REG_RSP]));
    instruction = position.instruction;
    if (position.publish) g_gate->set_top(g_gate->top() + 1);
  } else {
    gate_invoke_rewind(&instruction);
  }
  registers[REG_RIP] = static_cast<greg_t>(instruction);
  *g_slot = g_new_version;
  g_interrupted = true;
}

void OnTrap(int, siginfo_t *, void *context) {
  greg_t *registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
  const auto instruction = static_cast<uint64_t>(registers[REG_RIP]);
  if (!IsInStub(instruction) && !IsInInvoke(instruction)) return;
  if (g_instructions++ == g_interrupt_at && !g_interrupted) Interrupt(registers);
}

void TrapFlagSet() { asm volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq" : : "i"(kTrapFlag) : "cc"); }

void TrapFlagClear() {
  asm volatile("pushfq\n\tandq %0, (%%rsp)\n\tpopfq" : : "i"(~static_cast<int>(kTrapFlag)) : "cc");
}

class GateRewindTest : public testing::Test {
 protected:
  GateRewindTest() {
    g_gate = &gate_;
    g_slot = gate_.slot(0);
    g_new_version = {AddressOf(NewVersion), FakeInstance(2)};
    gate_.Emit(0);
    struct sigaction action = {};
    action.sa_sigaction = OnTrap;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGTRAP, &action, nullptr);
  }

  // @returns how many instructions of a gate were seen
  template <typename Call>
  size_t StepThrough(size_t interrupt_at, Call call) {
    *g_slot = {AddressOf(OldVersion), FakeInstance(1)};
    g_interrupt_at = interrupt_at;
    g_instructions = 0;
    g_interrupted = false;
    g_served_by = 0;
    TrapFlagSet();
    call();
    TrapFlagClear();
    return g_instructions;
  }

  template <typename Call>
  void CommitAtEveryInstruction(Call call, size_t least) {
    const size_t count = StepThrough(SIZE_MAX, call);
    ASSERT_GE(count, least);
    bool old_seen = false;
    bool new_seen = false;
    for (size_t at = 0; at < count; at++) {
      SCOPED_TRACE(at);
      StepThrough(at, call);
      ASSERT_TRUE(g_interrupted);
      EXPECT_EQ(g_frame_names, g_served_by);
      EXPECT_EQ(gate_.top(), gate_.base());
      old_seen |= g_served_by == 1;
      new_seen |= g_served_by == 2;
    }
    EXPECT_TRUE(old_seen && new_seen);
  }

  HostGate gate_;
};

TEST_F(GateRewindTest, Stub_CommitAtEveryInstruction_FrameAndCalleeAgree) {
  CommitAtEveryInstruction([this] { gate_.As<uint64_t (*)()>(0)(); }, 18);
}

TEST_F(GateRewindTest, Invoke_CommitAtEveryInstruction_FrameAndCalleeAgree) {
  CommitAtEveryInstruction(
      [] {
        const uint64_t arguments[kGateArguments] = {};
        gate_result_t result;
        gate_invoke(g_slot, arguments, &result);
      },
      20);
}

TEST_F(GateRewindTest, Pass_CommitAtEveryInstruction_FrameAndCalleeAgree) {
  CommitAtEveryInstruction([] { gate_pass(1, 2, 3, g_slot); }, 15);
}

// The number to reach is at most 20 beyond a direct call.
TEST_F(GateRewindTest, Stub_Instructions_AreAtMostTwenty) {
  EXPECT_LE(StepThrough(SIZE_MAX, [this] { gate_.As<uint64_t (*)()>(0)(); }), 20u);
}

}  // namespace

extern "C" int resolver_resolve() { return 0; }  // gate.S refers to it; no slot here is unbound
