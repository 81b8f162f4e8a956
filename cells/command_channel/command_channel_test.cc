// SPDX-License-Identifier: MIT
#include "cells/command_channel/command_channel.h"

#include "cells/virtio_console/virtio_console.h"
#include "testing/host/command_test.h"

namespace {

status_t device_status;
std::string written;
std::string incoming;
size_t room;  // bytes that one write takes
int blocked;  // times that a call would have to wait

}  // namespace

size_result_t virtio_console_write(text_t bytes) {
  if (!status_is_ok(device_status)) return {device_status, 0};
  if (blocked > 0 && blocked-- > 0) return {ERR(WOULD_BLOCK), 0};
  const size_t count = std::min(room, bytes.length);
  written.append(bytes.data, count);
  return {OK, count};
}

size_result_t virtio_console_read(text_buffer_t buffer) {
  if (!status_is_ok(device_status)) return {device_status, 0};
  if (incoming.empty() && blocked > 0 && --blocked == 0) incoming = "late\n";
  if (incoming.empty()) return {ERR(WOULD_BLOCK), 0};
  const size_t count = std::min(buffer.length, incoming.size());
  memcpy(buffer.data, incoming.data(), count);
  incoming.erase(0, count);
  return {OK, count};
}

status_t virtio_console_describe(virtio_console_info_t *info) {
  *info = {};
  info->sent = 7;
  info->ready = 1;
  return OK;
}

namespace {

class CommandChannelTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    device_status = OK;
    written.clear();
    incoming.clear();
    room = 1000;
    blocked = 0;
  }
};

TEST_F(CommandChannelTest, Write_Words_AreSentAsTheyStand) {
  EXPECT_STATUS(OK, Run(command_channel_step, "channel  write  two   words").status);
  EXPECT_EQ(written, "two   words\n");
}

TEST_F(CommandChannelTest, Write_LittleRoom_GoesOnWhereItStopped) {
  room = 3;
  blocked = 2;
  const CommandAnswer answer = Run(command_channel_step, "channel write 0123456789");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(written, "0123456789\n");
  EXPECT_EQ(answer.waits, 2);
}

TEST_F(CommandChannelTest, Read_WhatIsThere_IsPrintedInLines) {
  incoming = "one\n= two\x1b\nthree";
  const CommandAnswer answer = Run(command_channel_step, "channel read");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "channel: one\nchannel: = two.\nchannel: three\n");
}

TEST_F(CommandChannelTest, Read_Nothing_IsOk) {
  const CommandAnswer answer = Run(command_channel_step, "channel read");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "");
  EXPECT_EQ(answer.waits, 0);
}

TEST_F(CommandChannelTest, Read_Lines_WaitsForThem) {
  incoming = "one\ntw";
  blocked = 3;
  const CommandAnswer answer = Run(command_channel_step, "channel read 2");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output, "channel: one\nchannel: twlate\n");
  EXPECT_EQ(answer.waits, 2);
}

TEST_F(CommandChannelTest, Read_LongLines_AreCutInto160Bytes) {
  incoming = std::string(2000, 'x') + "\n";
  const CommandAnswer answer = Run(command_channel_step, "channel read");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), 'x'), 2000);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 13);
}

TEST_F(CommandChannelTest, Device_Absent_IsSaid) {
  device_status = ERR(NOT_FOUND);
  const CommandAnswer answer = Run(command_channel_step, "channel write x");
  EXPECT_STATUS(NOT_FOUND, answer.status);
  EXPECT_EQ(answer.message, "no virtio console: give the machine one");
  device_status = ERR(IO_ERROR);
  EXPECT_STATUS(IO_ERROR, Run(command_channel_step, "channel read").status);
}

TEST_F(CommandChannelTest, Status_Device_IsShown) {
  const CommandAnswer answer = Run(command_channel_step, "channel status");
  EXPECT_EQ(answer.output,
            "STATUS   RECEIVED   SENT       INTERRUPTS\n"
            "ready    0          7          0\n");
}

TEST_F(CommandChannelTest, Arguments_Wrong_AreRefused) {
  for (const char *line : {"channel", "channel x", "channel write", "channel read x",
                           "channel read 0", "channel read 1 2", "channel status x"}) {
    EXPECT_STATUS(INVALID_ARGUMENT, Run(command_channel_step, line).status);
  }
}

}  // namespace
