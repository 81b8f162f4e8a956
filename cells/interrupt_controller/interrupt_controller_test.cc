// SPDX-License-Identifier: MIT
#include "cells/interrupt_controller/interrupt_controller.h"

#include <gtest/gtest.h>

#include <map>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(interrupt_controller_registers, 4096);

namespace {

alignas(16) unsigned char window[0x20];
status_t map_status = {STATUS_OK};
int maps;

uint32_t Code(status_t status) { return status.code; }

constexpr uint32_t kMasked = 1 << 16;

// An I/O APIC with 24 pins, and the mask registers of the legacy controllers.
class Controller : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override {
    ADD_FAILURE();
    return 0;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    legacy[port] = value;
  }
  uint64_t ReadRegister(void *place, int bytes) override {
    EXPECT_EQ(bytes, 4);
    EXPECT_EQ(place, window + 0x10);
    return selected == 1 ? version : redirection[selected - 0x10];
  }
  void WriteRegister(void *place, uint64_t value, int bytes) override {
    EXPECT_EQ(bytes, 4);
    EXPECT_EQ(host_monitor_depth(), 1u);
    if (place == window) {
      selected = value;
    } else {
      ASSERT_GE(selected, 0x10u);
      ASSERT_LT(selected, 0x40u);
      redirection[selected - 0x10] = value;
    }
  }

  uint32_t version = 23 << 16 | 0x11;
  uint32_t selected = 0;
  uint32_t redirection[48] = {};
  std::map<uint16_t, uint32_t> legacy;
};

}  // namespace

status_t blob_retain(text_t) { return OK; }

owner_result_t owner_self(void) { return {OK, {3}}; }

memory_result_t address_space_mapper_map_device(owner_t owner, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, 3u);
  EXPECT_EQ(start.bytes, 0xfec00000u);
  EXPECT_EQ(bytes, sizeof(window));
  maps++;
  return {map_status, window};
}

namespace {

class InterruptControllerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(interrupt_controller_registers);
    host_device = &controller_;
    map_status = OK;
    maps = 0;
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  uint32_t Low(int pin) { return controller_.redirection[2 * pin]; }

  Controller controller_;
};

TEST_F(InterruptControllerTest, Initialize_Always_MasksEverything) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(controller_.legacy[0x21], 0xffu);
  EXPECT_EQ(controller_.legacy[0xa1], 0xffu);
  for (int pin = 0; pin < 24; pin++) EXPECT_EQ(Low(pin), kMasked) << pin;
}

TEST_F(InterruptControllerTest, Initialize_NoController_IsUnsupported) {
  controller_.version = UINT32_MAX;
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_UNSUPPORTED);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 33)), STATUS_OUT_OF_RANGE);
}

TEST_F(InterruptControllerTest, Initialize_AfterAFailure_MapsOnce) {
  controller_.version = UINT32_MAX;
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_UNSUPPORTED);
  controller_.version = 23 << 16;
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(maps, 1);
}

TEST_F(InterruptControllerTest, Initialize_MapperGone_TellsWhy) {
  map_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_UNAVAILABLE);
}

TEST_F(InterruptControllerTest, Enable_IsaLine_IsEdgeTriggered) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  controller_.redirection[3] = 0xff000000;
  EXPECT_EQ(Code(interrupt_controller_enable(1, 33)), STATUS_OK);
  EXPECT_EQ(Low(1), 33u);
  EXPECT_EQ(controller_.redirection[3], 0u);
}

TEST_F(InterruptControllerTest, Enable_TimerLine_IsPinTwo) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(Low(2), 32u);
  EXPECT_EQ(Low(0), kMasked);
}

TEST_F(InterruptControllerTest, Enable_LineAboveIsa_IsLevelActiveLow) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(17, 49)), STATUS_OK);
  EXPECT_EQ(Low(17), 49u | 0xa000);
}

TEST_F(InterruptControllerTest, Enable_OutOfRange_ChangesNothing) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(2, 34)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(24, 56)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 31)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 240)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(UINT64_MAX, UINT64_MAX)), STATUS_OUT_OF_RANGE);
  for (int pin = 0; pin < 24; pin++) EXPECT_EQ(Low(pin), kMasked) << pin;
}

TEST_F(InterruptControllerTest, Disable_EnabledLine_MasksIt) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(4, 36)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_disable(4)), STATUS_OK);
  EXPECT_EQ(Low(4), kMasked);
  EXPECT_EQ(Code(interrupt_controller_disable(2)), STATUS_OUT_OF_RANGE);
}

}  // namespace
