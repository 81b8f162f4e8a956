// SPDX-License-Identifier: MIT
#include "cells/virtio_console/virtio_console.h"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/pci/pci.h"
#include "testing/host/events.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(virtio_console_device, 2048);

namespace {

constexpr uint64_t kRegisters = 0xfe000000;  // physical: common at 0, notify at 0x3000
constexpr uint64_t kMemory = 0x100000;       // and of the queues

uint32_t Code(status_t status) { return status.code; }

alignas(4096) uint8_t register_pages[0x4000];
alignas(4096) uint8_t memory_pages[0x4000];

// A virtio console over PCI. Its queues are served when the driver notifies it, unless `asleep`.
class Device : public HostDevice {
 public:
  struct Queue {
    uint16_t size = 128;
    uint16_t vector = 0xffff;
    uint16_t enabled = 0;
    uint64_t descriptors = 0, available = 0, used = 0;
    uint16_t seen = 0;
  };

  uint32_t ReadPort(uint16_t, int) override { return 0; }
  void WritePort(uint16_t, uint32_t, int) override {}

  uint64_t ReadRegister(void *place, int bytes) override {
    const auto *at = static_cast<uint8_t *>(place);
    if (at < register_pages || at >= register_pages + sizeof(register_pages)) {
      return HostDevice::ReadRegister(place, bytes);
    }
    switch (at - register_pages) {
      case 4:
        return feature_select == 1 ? features : 0;
      case 20:
        return never_resets && status == 0 ? 1 : status;
      case 24:
        return queues[selected % 2].size;
      case 26:
        return queues[selected % 2].vector;
      case 30:
        return notify_offset;
      default:
        return 0;
    }
  }
  void WriteRegister(void *place, uint64_t value, int bytes) override {
    const auto *at = static_cast<uint8_t *>(place);
    if (at < register_pages || at >= register_pages + sizeof(register_pages)) {
      HostDevice::WriteRegister(place, value, bytes);
      return;
    }
    Queue &queue = queues[selected % 2];
    const auto word = static_cast<uint16_t>(value);
    switch (at - register_pages) {
      case 0:
        feature_select = word;
        break;
      case 20:
        SetStatus(static_cast<uint8_t>(value));
        break;
      case 22:
        selected = word;
        break;
      case 24:
        queue.size = word;
        break;
      case 26:
        queue.vector = has_vector ? word : 0xffff;
        break;
      case 28:
        queue.enabled = word;
        break;
      case 32:
        queue.descriptors = value;
        break;
      case 40:
        queue.available = value;
        break;
      case 48:
        queue.used = value;
        break;
      case 0x3000:
      case 0x3004:
        if (!asleep) Serve();
        break;
      default:
        break;
    }
  }
  // Takes what the driver sends, and gives it what stands in `outgoing`.
  void Serve() {
    if ((status & 4) == 0) return;
    while (Waiting(queues[1]) > 0) {
      const auto [buffer, bytes] = Take(queues[1]);
      came.append(reinterpret_cast<char *>(buffer), bytes);
      Return(queues[1], 0);
    }
    while (!outgoing.empty() && Waiting(queues[0]) > 0) {
      const auto [buffer, bytes] = Take(queues[0]);
      const size_t count = std::min<size_t>({bytes, outgoing.size(), most});
      memcpy(buffer, outgoing.data(), count);
      outgoing.erase(0, count);
      Return(queues[0], static_cast<uint32_t>(count));
    }
  }
  template <typename T>
  T *At(uint64_t physical) {
    EXPECT_TRUE(physical >= kMemory && physical + sizeof(T) <= kMemory + sizeof(memory_pages));
    return reinterpret_cast<T *>(memory_pages + (physical - kMemory));
  }

  uint32_t features = 1;
  uint16_t selected = 0;
  uint16_t feature_select = 0;
  uint8_t status = 0;
  uint16_t notify_offset = 1;
  bool never_resets = false;
  bool has_vector = true;
  bool asleep = false;
  size_t most = 256;  // bytes in one buffer
  Queue queues[2];
  std::string came, outgoing;

 private:
  void SetStatus(uint8_t value) {
    status = value;
    if (value != 0) return;
    for (Queue &queue : queues) queue = {first_size, 0xffff, 0, 0, 0, 0, 0};
  }
  uint16_t Waiting(const Queue &queue) {
    return static_cast<uint16_t>(*At<uint16_t>(queue.available + 2) - queue.seen);
  }
  std::pair<uint8_t *, uint32_t> Take(Queue &queue) {
    id_ = *At<uint16_t>(queue.available + 4 + 2 * (queue.seen % queue.size));
    queue.seen++;
    const uint64_t descriptor = queue.descriptors + 16u * id_;
    return {At<uint8_t>(*At<uint64_t>(descriptor)), *At<uint32_t>(descriptor + 8)};
  }
  void Return(Queue &queue, uint32_t bytes) {
    uint16_t *index = At<uint16_t>(queue.used + 2);
    *At<uint32_t>(queue.used + 4 + 8 * (*index % queue.size)) = id_;
    *At<uint32_t>(queue.used + 8 + 8 * (*index % queue.size)) = bytes;
    ++*index;
  }
  uint32_t id_ = 0;

 public:
  uint16_t first_size = 128;
};

Device *device;
bool present;
std::map<uint64_t, uint32_t> space;  // configuration space, by offset
uint64_t bar_bytes;
uint64_t bar_start;
int mappings, messages;

}  // namespace

status_t blob_retain(text_t) { return OK; }
owner_result_t owner_self(void) { return {OK, {5}}; }
reference_result_t reference_obtain(text_t) { return {OK, {9, 1}}; }
status_t interrupt_dispatch_register_message(reference_t, text_t, interrupt_message_t *message) {
  *message = {0xfee00000, 64, 64};
  return OK;
}
status_t pci_find(uint64_t vendor, uint64_t number, uint64_t, pci_device_t *found) {
  if (!present || vendor != 0x1af4 || number != 0x1003) return ERR(NOT_FOUND);
  *found = {};
  found->address = {0, 3, 0};
  return OK;
}
status_t pci_enable(pci_address_t) { return OK; }
status_t pci_set_message(pci_address_t, uint64_t entry, uint64_t target, uint64_t data) {
  EXPECT_EQ(entry, 0u);
  EXPECT_EQ(target, 0xfee00000u);
  EXPECT_EQ(data, 64u);
  messages++;
  return OK;
}
status_t pci_bar(pci_address_t, uint64_t index, pci_bar_t *bar) {
  if (index != 4) return ERR(NOT_FOUND);
  *bar = {bar_start, bar_bytes, kPciBarMemory64, 1};
  return OK;
}
u64_result_t pci_capability(pci_address_t, uint64_t, uint64_t after) {
  if (after == 0) return {OK, 0x40};
  return after == 0x40 ? u64_result_t{OK, 0x50} : u64_result_t{ERR(NOT_FOUND), 0};
}
u32_result_t pci_read(pci_address_t, uint64_t offset, uint64_t) {
  if (offset >= 256) return {ERR(OUT_OF_RANGE), 0};
  return {OK, space[offset]};
}
paddr_result_t frame_allocator_allocate(owner_t, uint64_t count) {
  EXPECT_EQ(count, 4u);
  return {OK, {kMemory}};
}
status_t frame_allocator_free(owner_t, paddr_t, uint64_t) { return OK; }
memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  mappings++;
  if (start.bytes == kMemory) return {OK, memory_pages};
  EXPECT_GE(start.bytes, kRegisters);
  EXPECT_LE(start.bytes + bytes, kRegisters + sizeof(register_pages));
  return {OK, register_pages + (start.bytes - kRegisters)};
}

namespace {

class VirtioConsoleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(virtio_console_device);
    memset(memory_pages, 0xee, sizeof(memory_pages));
    host_device = device = &device_;
    present = true;
    bar_bytes = 0x4000;
    bar_start = kRegisters;
    mappings = messages = 0;
    host_events = {};
    space.clear();
    PutCapability(0x40, 1, 0, 0x1000);
    PutCapability(0x50, 2, 0x3000, 0x1000);
    space[0x60] = 4;
    ASSERT_EQ(Code(virtio_console_initialize()), STATUS_OK);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  void PutCapability(uint64_t at, uint32_t type, uint32_t offset, uint32_t bytes) {
    space[at + 3] = type;
    space[at + 4] = 4;
    space[at + 8] = offset;
    space[at + 12] = bytes;
  }
  uint32_t WriteCode(const std::string &text) {
    return Code(virtio_console_write({text.data(), text.size()}).status);
  }
  size_t Write(const std::string &text) {
    const size_result_t result = virtio_console_write({text.data(), text.size()});
    return status_is_ok(result.status) ? result.value : 0;
  }
  std::string Read(size_t length = 1000) {
    std::string text(length, '\0');
    const size_result_t result = virtio_console_read({text.data(), text.size()});
    if (!status_is_ok(result.status)) return "#" + std::to_string(result.status.code);
    return text.substr(0, result.value);
  }
  void Say(const std::string &text) {
    device_.outgoing += text;
    device_.Serve();
  }
  virtio_console_info_t Info() {
    virtio_console_info_t info = {};
    EXPECT_EQ(Code(virtio_console_describe(&info)), STATUS_OK);
    return info;
  }
  const std::string would_block_ = "#" + std::to_string(STATUS_WOULD_BLOCK);
  const std::string io_error_ = "#" + std::to_string(STATUS_IO_ERROR);

  Device device_;
};

TEST_F(VirtioConsoleTest, Write_FirstTime_SetsTheDeviceUp) {
  EXPECT_EQ(Info().ready, 0u);
  EXPECT_EQ(mappings, 0);
  EXPECT_EQ(Write("hello"), 5u);
  EXPECT_EQ(device_.came, "hello");
  EXPECT_EQ(device_.status, 15);
  EXPECT_EQ(device_.queues[0].size, 16);
  EXPECT_EQ(device_.queues[1].enabled, 1);
  EXPECT_EQ(messages, 1);
  EXPECT_EQ(mappings, 3);
  EXPECT_EQ(Info().ready, 1u);
  EXPECT_EQ(Write("!"), 1u);
  EXPECT_EQ(mappings, 3);
}

TEST_F(VirtioConsoleTest, Use_NoDevice_IsNotFoundEachTime) {
  present = false;
  EXPECT_EQ(WriteCode("x"), STATUS_NOT_FOUND);
  EXPECT_EQ(Read(), "#" + std::to_string(STATUS_NOT_FOUND));
  EXPECT_EQ(Code(virtio_console_reset()), STATUS_OK);
  EXPECT_EQ(WriteCode(""), STATUS_INVALID_ARGUMENT);
  present = true;
  EXPECT_EQ(Write("x"), 1u);
}

TEST_F(VirtioConsoleTest, Use_OldDevice_IsUnsupported) {
  device_.features = 0;
  EXPECT_EQ(WriteCode("x"), STATUS_UNSUPPORTED);
  space[0x43] = 9;  // no common structure
  EXPECT_EQ(WriteCode("x"), STATUS_UNSUPPORTED);
}

TEST_F(VirtioConsoleTest, Use_CapabilityOutsideOfItsRange_IsIoError) {
  PutCapability(0x40, 1, 0x3ff0, 56);
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  PutCapability(0x40, 1, 0xfffffff0, 0x1000);
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  PutCapability(0x40, 1, 0, 8);  // too short
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  PutCapability(0x40, 1, 0, 0x1000);
  space[0x44] = 2;  // a range that is not there
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  space[0x44] = 4;
  bar_start = 0;
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  EXPECT_EQ(mappings, 0);
  bar_start = kRegisters;
  EXPECT_EQ(Write("x"), 1u);
}

TEST_F(VirtioConsoleTest, Use_DeviceThatDoesNotStart_IsIoErrorAndIsTriedAgain) {
  device_.first_size = 0;
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  device_.first_size = 128;
  device_.notify_offset = 0xffff;  // outside of its structure
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  device_.notify_offset = 1;
  device_.has_vector = false;
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  device_.has_vector = true;
  device_.never_resets = true;
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  device_.never_resets = false;
  EXPECT_EQ(Write("x"), 1u);
  EXPECT_EQ(mappings, 3);
}

TEST_F(VirtioConsoleTest, Queue_SmallOrOddSize_IsUsed) {
  device_.first_size = 5;
  EXPECT_EQ(Write("x"), 1u);
  EXPECT_EQ(device_.queues[0].size, 4);
  Say(std::string(3000, 'y'));
  std::string all;
  for (std::string part; (part = Read()) != would_block_;) all += part;
  EXPECT_EQ(all, std::string(3000, 'y'));
}

TEST_F(VirtioConsoleTest, Read_Nothing_WouldBlockAndWatches) {
  EXPECT_EQ(Read(), would_block_);
  EXPECT_EQ(host_events.watches, 1);
  EXPECT_EQ(Code(virtio_console_interrupt()), STATUS_OK);
  EXPECT_EQ(host_events.signals, 1);
  EXPECT_EQ(Info().interrupts, 1u);
}

TEST_F(VirtioConsoleTest, Read_InParts_KeepsTheRest) {
  EXPECT_EQ(Read(), would_block_);
  Say("hello");
  EXPECT_EQ(Read(2), "he");
  Say(" world");
  EXPECT_EQ(Read(2), "ll");
  EXPECT_EQ(Read(), "o world");
  EXPECT_EQ(Info().received, 11u);
}

TEST_F(VirtioConsoleTest, Read_MoreThanTheBuffers_LosesNothing) {
  EXPECT_EQ(Read(), would_block_);
  std::string sent;
  for (int i = 0; i < 5000; i++) sent += std::to_string(i) + "\n";
  device_.most = 100;
  Say(sent);
  std::string all;
  for (std::string part; (part = Read(77)) != would_block_;) all += part;
  EXPECT_EQ(all, sent);
}

TEST_F(VirtioConsoleTest, Write_MoreThanTheBuffers_WouldBlockUntilSomeAreFree) {
  EXPECT_EQ(Write("x"), 1u);
  device_.asleep = true;
  const std::string text(10000, 'y');
  EXPECT_EQ(Write(text), 16u * 256);
  EXPECT_EQ(WriteCode(text), STATUS_WOULD_BLOCK);
  device_.Serve();
  EXPECT_EQ(device_.came.size(), 1 + 16u * 256);
  EXPECT_EQ(Write("z"), 1u);
}

TEST_F(VirtioConsoleTest, Device_IndexJumps_IsIoErrorUntilReset) {
  EXPECT_EQ(Write("x"), 1u);
  *device_.At<uint16_t>(device_.queues[0].used + 2) += 17;
  EXPECT_EQ(Read(), io_error_);
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
  EXPECT_EQ(Info().failed, 1u);
  EXPECT_EQ(Code(virtio_console_reset()), STATUS_OK);
  Say("again");
  EXPECT_EQ(Read(), "again");
}

TEST_F(VirtioConsoleTest, Device_UsedEntriesOfNonsense_AreIoErrors) {
  for (const auto &[id, bytes] : std::vector<std::pair<uint32_t, uint32_t>>{
           {16, 1}, {0xffffffff, 1}, {0, 257}, {0, 0xffffffff}}) {
    if (Info().ready == 0) status_ignore(virtio_console_reset(), "the first time it does nothing");
    EXPECT_EQ(Read(), would_block_);
    const uint64_t used = device_.queues[0].used;
    *device_.At<uint32_t>(used + 4) = id;
    *device_.At<uint32_t>(used + 8) = bytes;
    *device_.At<uint16_t>(used + 2) = 1;
    EXPECT_EQ(Read(), io_error_) << id << " " << bytes;
  }
  ASSERT_EQ(Code(virtio_console_reset()), STATUS_OK);
  // A buffer that is not the device's.
  device_.asleep = true;
  const uint64_t used = device_.queues[1].used;
  *device_.At<uint32_t>(used + 4) = 3;
  *device_.At<uint16_t>(used + 2) = 1;
  EXPECT_EQ(WriteCode("x"), STATUS_IO_ERROR);
}

TEST_F(VirtioConsoleTest, Device_EmptyBuffers_AreGivenBack) {
  EXPECT_EQ(Read(), would_block_);
  device_.asleep = true;
  const uint64_t used = device_.queues[0].used;
  for (uint32_t i = 0; i < 3; i++) {
    *device_.At<uint32_t>(used + 4 + 8 * i) = i;
    *device_.At<uint32_t>(used + 8 + 8 * i) = 0;
  }
  *device_.At<uint16_t>(used + 2) = 3;
  EXPECT_EQ(Read(), would_block_);
  EXPECT_EQ(*device_.At<uint16_t>(device_.queues[0].available + 2), 19);
}

TEST_F(VirtioConsoleTest, Reset_DataUnderWay_LosesNothing) {
  EXPECT_EQ(Write("x"), 1u);
  Say("first ");
  EXPECT_EQ(Read(2), "fi");
  Say("second ");
  device_.asleep = true;
  EXPECT_EQ(Write("one "), 4u);
  EXPECT_EQ(Write("two "), 4u);
  device_.asleep = false;
  EXPECT_EQ(Code(virtio_console_reset()), STATUS_OK);
  EXPECT_EQ(device_.came, "xone two ");
  Say("third");
  EXPECT_EQ(Read(), "rst second third");
  EXPECT_EQ(mappings, 3);
  EXPECT_EQ(Write("three"), 5u);
  EXPECT_EQ(device_.came, "xone two three");
}

}  // namespace
