// SPDX-License-Identifier: MIT
#include "cells/interrupt_dispatch/interrupt_dispatch.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cells/interrupt_controller/interrupt_controller.h"
#include "nano_core/api/memory.h"
#include "nano_core/api/watchdog.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(interrupt_dispatch_table, 16384);

namespace {

constexpr reference_t kKeyboard = {4, 1};
constexpr reference_t kSerial = {5, 1};

std::map<uint64_t, uint64_t> enabled;  // vector by line
std::vector<uint32_t> called;
std::vector<uint32_t> released;
status_t enable_status = {STATUS_OK};
status_t handler_status = {STATUS_OK};
std::function<void()> during_call;
std::map<uint64_t, uint64_t> routes;  // local APIC by line
uint64_t tick_vector;
uint64_t nmi_line;
status_t nmi_status = {STATUS_OK};
uint32_t self;
std::vector<processor_info_t> processors;

uint32_t Code(status_t status) { return status.code; }

}  // namespace

status_t blob_retain(text_t) { return OK; }

status_t interrupt_controller_enable(uint64_t line, uint64_t vector) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (status_is_ok(enable_status)) enabled[line] = vector;
  return enable_status;
}

status_t interrupt_controller_disable(uint64_t line) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  enabled.erase(line);
  return OK;
}

status_t interrupt_controller_route(uint64_t line, uint64_t apic) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  routes[line] = apic;
  return OK;
}

status_t interrupt_controller_make_nmi(uint64_t line) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_NE(tick_vector, 0u) << "nano_core would take the first tick for a failure";
  nmi_line = line;
  return nmi_status;
}

status_t watchdog_start(uint64_t vector) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  tick_vector = vector;
  return OK;
}

u32_result_t processor_self(void) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  return {OK, self};
}

status_t processor_describe(uint64_t number, processor_info_t *info) {
  if (number >= kProcessors) return ERR(OUT_OF_RANGE);
  if (number >= processors.size()) return ERR(NOT_FOUND);
  *info = processors[number];
  return OK;
}

u64_result_t reference_call(reference_t target, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  called.push_back(target.index);
  if (during_call) during_call();
  return {handler_status, 0};
}

status_t reference_release(reference_t target) {
  released.push_back(target.index);
  return OK;
}

namespace {

class InterruptDispatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(interrupt_dispatch_table);
    enabled.clear();
    called.clear();
    released.clear();
    enable_status = handler_status = OK;
    during_call = nullptr;
    routes.clear();
    tick_vector = 0;
    nmi_line = UINT64_MAX;
    nmi_status = OK;
    self = 0;
    processors = {Processor(0), Processor(7), Processor(3)};
    processors[2].status = kProcessorPrepared;
    ASSERT_EQ(Code(interrupt_dispatch_initialize()), STATUS_OK);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  static processor_info_t Processor(uint32_t apic) {
    processor_info_t info = {};
    info.apic = apic;
    info.status = kProcessorOnline;
    return info;
  }
  // An interrupt of line 1 on a processor.
  void Signal(uint32_t processor) {
    const uint32_t before = self;
    self = processor;
    EXPECT_EQ(Code(interrupt_dispatch_handle(33)), STATUS_OK);
    self = before;
  }

  interrupt_info_t Describe(uint64_t line) {
    interrupt_info_t info = {};
    EXPECT_EQ(Code(interrupt_dispatch_describe(line, &info)), STATUS_OK);
    return info;
  }
};

TEST_F(InterruptDispatchTest, Initialize_Always_LetsHandlersEnter) {
  const auto *monitor =
      reinterpret_cast<const monitor_t *>(HOST_STATE_STORAGE(interrupt_dispatch_table));
  EXPECT_EQ(monitor->interrupts, 1u);
}

TEST_F(InterruptDispatchTest, Register_FreeLine_IsEnabledAndCalled) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  EXPECT_EQ(enabled[1], 33u);
  EXPECT_EQ(Code(interrupt_dispatch_handle(33)), STATUS_OK);
  EXPECT_EQ(called, std::vector<uint32_t>{kKeyboard.index});
  const interrupt_info_t info = Describe(1);
  EXPECT_EQ(info.line, 1u);
  EXPECT_EQ(info.vector, 33u);
  EXPECT_EQ(info.count, 1u);
  EXPECT_EQ(info.errors, 0u);
  EXPECT_STREQ(info.name, "keyboard");
}

TEST_F(InterruptDispatchTest, Register_BadArguments_AreRefused) {
  EXPECT_EQ(Code(interrupt_dispatch_register(24, kKeyboard, TEXT("a"))), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_register(UINT64_MAX, kKeyboard, TEXT("a"))),
            STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_register(1, {}, TEXT("a"))), STATUS_INVALID_ARGUMENT);
  EXPECT_TRUE(enabled.empty());
}

TEST_F(InterruptDispatchTest, Register_TakenLine_IsAlreadyExists) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  EXPECT_EQ(Code(interrupt_dispatch_register(1, kSerial, TEXT("serial"))), STATUS_ALREADY_EXISTS);
  EXPECT_STREQ(Describe(1).name, "keyboard");
  EXPECT_TRUE(released.empty());
}

TEST_F(InterruptDispatchTest, Register_SameHandlerAgain_KeepsOneReference) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  ASSERT_EQ(Code(interrupt_dispatch_handle(33)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  EXPECT_EQ(released, std::vector<uint32_t>{kKeyboard.index});
  EXPECT_EQ(Describe(1).count, 1u);
}

TEST_F(InterruptDispatchTest, Register_ControllerRefuses_ChangesNothing) {
  enable_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_UNAVAILABLE);
  interrupt_info_t info = {};
  EXPECT_EQ(Code(interrupt_dispatch_describe(1, &info)), STATUS_NOT_FOUND);
  enable_status = OK;
  EXPECT_EQ(Code(interrupt_dispatch_register(1, kSerial, TEXT("serial"))), STATUS_OK);
}

TEST_F(InterruptDispatchTest, Register_LongName_IsCut) {
  const std::string name(100, 'n');
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, {name.data(), name.size()})), STATUS_OK);
  EXPECT_EQ(std::string(Describe(1).name), std::string(kInterruptNameBytes - 1, 'n'));
}

TEST_F(InterruptDispatchTest, Handle_BadVector_IsRefused) {
  EXPECT_EQ(Code(interrupt_dispatch_handle(31)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_handle(32 + 24)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_handle(32)), STATUS_NOT_FOUND);
}

TEST_F(InterruptDispatchTest, Handle_HandlerFails_IsCountedAndPassedOn) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  handler_status = ERR(FAULT);
  EXPECT_EQ(Code(interrupt_dispatch_handle(33)), STATUS_FAULT);
  EXPECT_EQ(Describe(1).count, 1u);
  EXPECT_EQ(Describe(1).errors, 1u);
}

TEST_F(InterruptDispatchTest, Handle_LineChangesHandsMeanwhile_BlamesNobody) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  handler_status = ERR(FAULT);
  during_call = [] {
    EXPECT_EQ(Code(interrupt_dispatch_unregister(1)), STATUS_OK);
    EXPECT_EQ(Code(interrupt_dispatch_register(1, kSerial, TEXT("serial"))), STATUS_OK);
  };
  EXPECT_EQ(Code(interrupt_dispatch_handle(33)), STATUS_FAULT);
  EXPECT_EQ(Describe(1).errors, 0u);
}

TEST_F(InterruptDispatchTest, Handle_OnSeveralProcessors_CountsEach) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  for (const uint32_t processor : {0, 1, 1, 15}) Signal(processor);
  const interrupt_info_t info = Describe(1);
  EXPECT_EQ(info.count, 4u);
  EXPECT_EQ(info.counts[0], 1u);
  EXPECT_EQ(info.counts[1], 2u);
  EXPECT_EQ(info.counts[15], 1u);
  EXPECT_EQ(called.size(), 4u);
}

TEST_F(InterruptDispatchTest, Handle_EdgeWhileItRunsElsewhere_IsHandledThereOnceMore) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  size_t depth = 0;
  during_call = [&] {
    ASSERT_EQ(depth, 0u) << "the handler runs twice at once";
    depth++;
    if (called.size() == 1) {
      Signal(1);
      Signal(2);
    }
    depth--;
  };
  Signal(0);
  EXPECT_EQ(called.size(), 2u) << "two edges while it runs are as good as one";
  EXPECT_EQ(Describe(1).count, 3u);
  Signal(1);
  EXPECT_EQ(called.size(), 3u) << "it runs nowhere any more";
}

TEST_F(InterruptDispatchTest, Handle_AnotherLineMeanwhile_IsNotHeldUp) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  ASSERT_EQ(Code(interrupt_dispatch_register(4, kSerial, TEXT("serial"))), STATUS_OK);
  during_call = [] {
    during_call = nullptr;
    self = 1;
    EXPECT_EQ(Code(interrupt_dispatch_handle(36)), STATUS_OK);
    self = 0;
  };
  Signal(0);
  EXPECT_EQ(called, (std::vector<uint32_t>{kKeyboard.index, kSerial.index}));
}

// What a dispatcher leaves that was ended itself, in the middle of a handler's call.
TEST_F(InterruptDispatchTest, Handle_EarlierCallNeverEnded_GoesOn) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  std::vector<unsigned char> half_way;
  during_call = [&] {
    const auto *blob =
        reinterpret_cast<const unsigned char *>(HOST_STATE_STORAGE(interrupt_dispatch_table));
    half_way.assign(blob, blob + sizeof(*HOST_STATE_STORAGE(interrupt_dispatch_table)));
  };
  Signal(0);
  during_call = nullptr;
  const auto restore = [&] {
    memcpy(HOST_STATE_STORAGE(interrupt_dispatch_table), half_way.data(), half_way.size());
    called.clear();
  };
  restore();
  Signal(0);
  EXPECT_EQ(called.size(), 1u) << "on the same processor it cannot run";
  restore();
  for (int i = 0; i < 65; i++) Signal(1);
  EXPECT_EQ(called.size(), 1u) << "elsewhere it is taken for dead in the end";
  Signal(1);
  EXPECT_EQ(called.size(), 2u);
}

TEST_F(InterruptDispatchTest, Handle_EdgesWithoutEnd_LetGoInTheEnd) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  during_call = [&] { Signal(1); };
  Signal(0);
  EXPECT_EQ(called.size(), 64u);
  during_call = nullptr;
  Signal(1);
  EXPECT_EQ(called.size(), 65u);
}

TEST_F(InterruptDispatchTest, Route_Online_GoesToItsLocalApic) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  EXPECT_EQ(Code(interrupt_dispatch_route(1, 1)), STATUS_OK);
  EXPECT_EQ(routes[1], 7u);
}

TEST_F(InterruptDispatchTest, Route_BadArguments_ChangeNothing) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  EXPECT_EQ(Code(interrupt_dispatch_route(24, 0)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_route(1, 16)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_route(2, 1)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(interrupt_dispatch_route(1, 2)), STATUS_UNAVAILABLE) << "only prepared";
  EXPECT_EQ(Code(interrupt_dispatch_route(1, 3)), STATUS_UNAVAILABLE) << "none";
  processors[1].apic = 255;
  EXPECT_EQ(Code(interrupt_dispatch_route(1, 1)), STATUS_UNSUPPORTED);
  EXPECT_TRUE(routes.empty());
}

TEST_F(InterruptDispatchTest, Watch_LineWithHandler_ComesAsNmi) {
  ASSERT_EQ(Code(interrupt_dispatch_register(3, kSerial, TEXT("timer"))), STATUS_OK);
  EXPECT_EQ(Code(interrupt_dispatch_watch(3)), STATUS_OK);
  EXPECT_EQ(tick_vector, 35u);
  EXPECT_EQ(nmi_line, 3u);
  nmi_status = ERR(UNSUPPORTED);
  EXPECT_EQ(Code(interrupt_dispatch_watch(3)), STATUS_UNSUPPORTED);
}

TEST_F(InterruptDispatchTest, Watch_BadArguments_ChangeNothing) {
  EXPECT_EQ(Code(interrupt_dispatch_watch(24)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_watch(3)), STATUS_NOT_FOUND);
  EXPECT_EQ(tick_vector, 0u);
  EXPECT_EQ(nmi_line, UINT64_MAX);
}

TEST_F(InterruptDispatchTest, RegisterMessage_BootProcessorHasANumber_ItIsInTheAddress) {
  processors[0].apic = 5;
  interrupt_message_t message = {};
  ASSERT_EQ(Code(interrupt_dispatch_register_message(kSerial, TEXT("a"), &message)), STATUS_OK);
  EXPECT_EQ(message.address, 0xfee05000u);
}

TEST_F(InterruptDispatchTest, Unregister_Line_IsDisabledAndReleased) {
  ASSERT_EQ(Code(interrupt_dispatch_register(1, kKeyboard, TEXT("keyboard"))), STATUS_OK);
  EXPECT_EQ(Code(interrupt_dispatch_unregister(1)), STATUS_OK);
  EXPECT_TRUE(enabled.empty());
  EXPECT_EQ(released, std::vector<uint32_t>{kKeyboard.index});
  EXPECT_EQ(Code(interrupt_dispatch_unregister(1)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(interrupt_dispatch_unregister(24)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_handle(33)), STATUS_NOT_FOUND);
}

TEST_F(InterruptDispatchTest, Describe_PastTheEnd_IsEnd) {
  interrupt_info_t info = {};
  EXPECT_EQ(Code(interrupt_dispatch_describe(24, &info)), STATUS_END);
}

TEST_F(InterruptDispatchTest, RegisterMessage_Handler_HasAVectorOfItsOwn) {
  interrupt_message_t first = {};
  interrupt_message_t second = {};
  ASSERT_EQ(Code(interrupt_dispatch_register_message(kKeyboard, TEXT("one"), &first)), STATUS_OK);
  ASSERT_EQ(Code(interrupt_dispatch_register_message(kSerial, TEXT("two"), &second)), STATUS_OK);
  EXPECT_EQ(first.address, 0xfee00000u);
  EXPECT_EQ(first.data, first.vector);
  EXPECT_EQ(first.vector, 64u);
  EXPECT_EQ(second.vector, 65u);
  EXPECT_TRUE(enabled.empty());
  EXPECT_EQ(Code(interrupt_dispatch_handle(second.vector)), STATUS_OK);
  EXPECT_EQ(called, std::vector<uint32_t>{kSerial.index});
  interrupt_info_t info = {};
  EXPECT_EQ(Code(interrupt_dispatch_describe_message(1, &info)), STATUS_OK);
  EXPECT_EQ(info.line, kInterruptNoLine);
  EXPECT_EQ(info.vector, 65u);
  EXPECT_EQ(info.count, 1u);
  EXPECT_STREQ(info.name, "two");
  EXPECT_EQ(Code(interrupt_dispatch_describe_message(2, &info)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(interrupt_dispatch_describe_message(16, &info)), STATUS_END);
}

TEST_F(InterruptDispatchTest, RegisterMessage_SameHandlerAgain_KeepsVectorAndOneReference) {
  interrupt_message_t message = {};
  for (int i = 0; i < 2; i++) {
    EXPECT_EQ(Code(interrupt_dispatch_register_message(kSerial, TEXT("a"), &message)), STATUS_OK);
    EXPECT_EQ(message.vector, 64u);
  }
  EXPECT_EQ(released, std::vector<uint32_t>{kSerial.index});
}

TEST_F(InterruptDispatchTest, RegisterMessage_AllVectorsTaken_IsNoMemory) {
  interrupt_message_t message = {};
  for (uint32_t i = 1; i <= kInterruptMessages; i++) {
    EXPECT_EQ(Code(interrupt_dispatch_register_message({i, 1}, TEXT("a"), &message)), STATUS_OK);
  }
  EXPECT_EQ(Code(interrupt_dispatch_register_message({99, 1}, TEXT("a"), &message)),
            STATUS_NO_MEMORY);
  EXPECT_EQ(message.vector, 79u);
  EXPECT_EQ(Code(interrupt_dispatch_register_message({}, TEXT("a"), &message)),
            STATUS_INVALID_ARGUMENT);
}

TEST_F(InterruptDispatchTest, UnregisterMessage_Vector_IsFreeAgain) {
  interrupt_message_t message = {};
  ASSERT_EQ(Code(interrupt_dispatch_register_message(kSerial, TEXT("a"), &message)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_dispatch_unregister_message(message.vector)), STATUS_OK);
  EXPECT_EQ(released, std::vector<uint32_t>{kSerial.index});
  EXPECT_EQ(Code(interrupt_dispatch_unregister_message(message.vector)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(interrupt_dispatch_handle(message.vector)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(interrupt_dispatch_unregister_message(33)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_dispatch_unregister_message(80)), STATUS_OUT_OF_RANGE);
}

}  // namespace
