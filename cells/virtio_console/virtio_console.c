// SPDX-License-Identifier: MIT
#include "cells/virtio_console/virtio_console.h"

#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/frame_allocator/frame_allocator.h"
#include "cells/interrupt_dispatch/interrupt_dispatch.h"
#include "cells/pci/pci.h"
#include "cells/virtio_console/queue.h"
#include "cells/virtio_console/registers.h"
#include "nano_core/api/memory.h"
#include "nano_core/api/mmio.h"
#include "patterns/event.h"

enum {
  kReceive = 0,
  kTransmit = 1,
  kQueues = 2,
  kMemoryFrames = kQueues * kQueueBytes / kFrameBytes,
  kMostRegisterBytes = 1 << 16,
  kMostCapabilities = 48,
  kPolls = 10000,
};

// `attaching`: one task sets the device up, without the monitor, since it calls other cells.
enum phase { kUnused, kAttaching, kReady, kFailed };

typedef struct console_device {
  monitor_t monitor;
  event_t event;   // something came, or went out
  uint64_t phase;  // enum phase
  uint64_t received;
  uint64_t sent;
  uint64_t interrupts;
  byte_span_t common;  // registers; none before the device was found
  byte_span_t notify;
  byte_span_t memory;  // of the queues, one after the other
  paddr_t physical;
  uint64_t notify_multiplier;
  uint64_t notify_offsets[kQueues];
  queue_t queues[kQueues];
} console_device_t;

STATE(console_device_t, virtio_console_device);

// A structure of registers, as a capability describes it.
typedef struct place {
  uint64_t start;  // physical
  uint64_t bytes;
  uint64_t multiplier;  // of the structure for notifications only
} place_t;

status_t virtio_console_initialize(void) {
  // The device writes into memory that the blob names, whoever serves.
  TRY(blob_retain(TEXT("virtio_console_device")));
  // The handler enters. Nobody can be inside before this function is done.
  state_set(&state_virtio_console_device->monitor.interrupts, 1);
  return OK;
}

static byte_span_t queue_memory(uint64_t number) REQUIRES(state_virtio_console_device->monitor) {
  return byte_span_slice(state_virtio_console_device->memory, number * kQueueBytes, kQueueBytes);
}

static paddr_t queue_physical(uint64_t number) REQUIRES(state_virtio_console_device->monitor) {
  return (paddr_t){state_virtio_console_device->physical.bytes + number * kQueueBytes};
}

static status_t find_device(pci_address_t *address) {
  pci_device_t device = {};
  status_t status = pci_find(kVirtioVendor, kVirtioConsole, 0, &device);
  if (status_is(status, STATUS_NOT_FOUND)) {
    status = pci_find(kVirtioVendor, kVirtioConsoleTransitional, 0, &device);
  }
  if (status_is_ok(status)) *address = device.address;
  return status;
}

// Reads a word of a capability. IO_ERROR: the capability leaves the configuration space.
static status_t read_word(pci_address_t address, uint64_t offset, uint64_t bytes, uint32_t *word) {
  const u32_result_t result = pci_read(address, offset, bytes);
  if (status_is(result.status, STATUS_OUT_OF_RANGE)) return ERR(IO_ERROR);
  *word = result.value;
  return result.status;
}

// Checks what a capability says. IO_ERROR: it points outside of its range, or the range has no
// place.
static status_t read_place(pci_address_t address, uint64_t capability, uint64_t least,
                           place_t *place) {
  uint32_t range = 0;
  uint32_t offset = 0;
  uint32_t bytes = 0;
  pci_bar_t bar = {};
  TRY(read_word(address, capability + kVirtioCapabilityRange, 1, &range));
  TRY(read_word(address, capability + kVirtioCapabilityOffset, 4, &offset));
  TRY(read_word(address, capability + kVirtioCapabilityLength, 4, &bytes));
  if (!status_is_ok(pci_bar(address, range, &bar))) return ERR(IO_ERROR);
  const bool is_right = bar.kind != kPciBarPorts && bar.start != 0 && bytes >= least &&
                        range_fits(offset, bytes, bar.bytes);
  if (!is_right) return ERR(IO_ERROR);
  *place = (place_t){.start = bar.start + offset,
                     .bytes = bytes < kMostRegisterBytes ? bytes : kMostRegisterBytes};
  return OK;
}

// Finds a structure of registers. UNSUPPORTED: the device has none, so it is older than 1.0.
static status_t find_place(pci_address_t address, uint32_t type, uint64_t least, place_t *place) {
  u64_result_t capability = {};
  for (uint32_t i = 0; i < kMostCapabilities; i++) {
    uint32_t found = 0;
    capability = pci_capability(address, kPciCapabilityVendor, capability.value);
    if (status_is(capability.status, STATUS_NOT_FOUND)) return ERR(UNSUPPORTED);
    TRY(capability.status);
    TRY(read_word(address, capability.value + kVirtioCapabilityType, 1, &found));
    if (found != type) continue;
    TRY(read_place(address, capability.value, least, place));
    uint32_t multiplier = 0;
    if (type == kVirtioTypeNotify) {
      TRY(read_word(address, capability.value + kVirtioCapabilityMultiplier, 4, &multiplier));
    }
    place->multiplier = multiplier;
    return OK;
  }
  return ERR(IO_ERROR);
}

// Whether `span`, a member of the blob, is mapped. Only the task that sets the device up maps.
static bool is_mapped(const byte_span_t *span) {
  monitor_enter(&state_virtio_console_device->monitor);
  const bool mapped = span->data != NULL;
  monitor_exit(&state_virtio_console_device->monitor);
  return mapped;
}

static void keep_span(const byte_span_t *where, byte_span_t span) {
  monitor_enter(&state_virtio_console_device->monitor);
  state_set(where, span);
  monitor_exit(&state_virtio_console_device->monitor);
}

// Maps a structure, unless an earlier attempt did, and keeps it at `where`, a member of the blob.
static status_t map_place(owner_t owner, const place_t *place, const byte_span_t *where) {
  if (is_mapped(where)) return OK;
  const uint64_t offset = place->start % kFrameBytes;
  const memory_result_t memory = address_space_mapper_map_device(
      owner, (paddr_t){place->start - offset}, offset + place->bytes);
  TRY(memory.status);
  const byte_span_t pages = {memory.value, offset + place->bytes};
  keep_span(where, byte_span_slice(pages, offset, place->bytes));
  return OK;
}

// Memory for the queues, whose address the device knows. It is mapped as registers are, uncached.
static status_t obtain_memory(owner_t owner) {
  const console_device_t *device = state_virtio_console_device;
  const uint64_t bytes = kMemoryFrames * kFrameBytes;
  if (is_mapped(&device->memory)) return OK;
  const paddr_result_t frames = frame_allocator_allocate(owner, kMemoryFrames);
  TRY(frames.status);
  const memory_result_t memory = address_space_mapper_map_device(owner, frames.value, bytes);
  if (!status_is_ok(memory.status)) {
    status_ignore(frame_allocator_free(owner, frames.value, kMemoryFrames), "the first is told");
    return memory.status;
  }
  monitor_enter(&state_virtio_console_device->monitor);
  state_set(&device->physical, frames.value);
  state_set(&device->memory, ((byte_span_t){memory.value, bytes}));
  monitor_exit(&state_virtio_console_device->monitor);
  return OK;
}

static status_t obtain_registers(owner_t owner, pci_address_t address) {
  const console_device_t *device = state_virtio_console_device;
  place_t common = {};
  place_t notify = {};
  TRY(find_place(address, kVirtioTypeCommon, kVirtioCommonBytes, &common));
  TRY(find_place(address, kVirtioTypeNotify, sizeof(uint16_t), &notify));
  TRY(map_place(owner, &common, &device->common));
  TRY(map_place(owner, &notify, &device->notify));
  monitor_enter(&state_virtio_console_device->monitor);
  state_set(&device->notify_multiplier, notify.multiplier);
  monitor_exit(&state_virtio_console_device->monitor);
  return OK;
}

static status_t obtain_messages(pci_address_t address) {
  const reference_result_t handler = reference_obtain(TEXT("virtio_console_interrupt"));
  TRY(handler.status);
  interrupt_message_t message = {};
  TRY(interrupt_dispatch_register_message(handler.value, TEXT("virtio_console"), &message));
  return pci_set_message(address, 0, message.address, message.data);
}

static status_t reset_device(byte_span_t common) {
  mmio_write8(common, kVirtioStatus, 0);
  for (uint32_t i = 0; i < kPolls; i++) {
    if (mmio_read8(common, kVirtioStatus) == 0) return OK;
  }
  return ERR(IO_ERROR);
}

static void add_status(byte_span_t common, uint8_t bits) {
  mmio_write8(common, kVirtioStatus, (uint8_t)(mmio_read8(common, kVirtioStatus) | bits));
}

// Version 1.0, and nothing on top: the device has one port then.
static status_t agree_on_features(byte_span_t common) {
  mmio_write32(common, kVirtioDeviceFeatureSelect, 1);
  if ((mmio_read32(common, kVirtioDeviceFeature) & kVirtioFeatureVersion1) == 0) {
    return ERR(UNSUPPORTED);
  }
  for (uint32_t word = 0; word < 2; word++) {
    mmio_write32(common, kVirtioDriverFeatureSelect, word);
    mmio_write32(common, kVirtioDriverFeature, word == 1 ? kVirtioFeatureVersion1 : 0);
  }
  add_status(common, kVirtioStatusFeaturesOk);
  const uint8_t status = mmio_read8(common, kVirtioStatus);
  return (status & kVirtioStatusFeaturesOk) != 0 ? OK : ERR(UNSUPPORTED);
}

// How many descriptors to use: as many as there is room for, and the device can do.
static uint64_t queue_size(uint64_t most) {
  uint64_t size = kQueueItems;
  while (size > most) size /= 2;
  return size;
}

// Tells the device where a queue is. IO_ERROR: it has no such queue, or no vector for it.
static status_t program_queue(byte_span_t common, uint64_t number, uint64_t *size)
    REQUIRES(state_virtio_console_device->monitor) {
  const console_device_t *device = state_virtio_console_device;
  const uint64_t physical = queue_physical(number).bytes;
  mmio_write16(common, kVirtioQueueSelect, (uint16_t)number);
  *size = queue_size(mmio_read16(common, kVirtioQueueSize));
  if (*size == 0) return ERR(IO_ERROR);
  const uint64_t offset = mmio_read16(common, kVirtioQueueNotify) * device->notify_multiplier;
  if (!range_fits(offset, sizeof(uint16_t), device->notify.length)) return ERR(IO_ERROR);
  state_set(&device->notify_offsets[number], offset);
  mmio_write16(common, kVirtioQueueSize, (uint16_t)*size);
  mmio_write16(common, kVirtioQueueVector, 0);
  if (mmio_read16(common, kVirtioQueueVector) != 0) return ERR(IO_ERROR);
  mmio_write64(common, kVirtioQueueDescriptors, physical + kQueueDescriptors);
  mmio_write64(common, kVirtioQueueDriver, physical + kQueueAvailable);
  mmio_write64(common, kVirtioQueueDevice, physical + kQueueUsed);
  mmio_write16(common, kVirtioQueueEnable, 1);
  return OK;
}

static void notify(uint64_t number) REQUIRES(state_virtio_console_device->monitor) {
  const console_device_t *device = state_virtio_console_device;
  mmio_write16(device->notify, device->notify_offsets[number], (uint16_t)number);
}

// Gives the device what is its own: buffers to fill, and what it had not sent before a reset.
static void fill_queues(uint64_t size) REQUIRES(state_virtio_console_device->monitor) {
  const queue_t *receive = &state_virtio_console_device->queues[kReceive];
  const queue_t *transmit = &state_virtio_console_device->queues[kTransmit];
  const byte_span_t memory = queue_memory(kTransmit);
  queue_order_t unsent = {};
  if (transmit->size != 0) unsent = queue_order_in_flight(transmit, memory);
  queue_clear_rings(receive, queue_memory(kReceive), size);
  queue_clear_rings(transmit, memory, size);
  queue_offer_all(receive, queue_memory(kReceive), queue_physical(kReceive));
  for (uint64_t i = 0; i < unsent.count; i++) queue_offer(transmit, memory, unsent.buffers[i]);
}

// From a device in any state to one that works. IO_ERROR, too, where its queues have another size
// than before a reset: buffers that wait would not fit.
static status_t start_device(void) REQUIRES(state_virtio_console_device->monitor) {
  const console_device_t *device = state_virtio_console_device;
  const byte_span_t common = device->common;
  uint64_t sizes[kQueues] = {};
  TRY(reset_device(common));
  add_status(common, kVirtioStatusAcknowledge | kVirtioStatusDriver);
  TRY(agree_on_features(common));
  mmio_write16(common, kVirtioConfigurationVector, kVirtioNoVector);
  for (uint64_t i = 0; i < kQueues; i++) TRY(program_queue(common, i, &sizes[i]));
  const uint64_t before = device->queues[kReceive].size;
  if (sizes[kReceive] != sizes[kTransmit]) return ERR(IO_ERROR);
  if (before != 0 && before != sizes[kReceive]) return ERR(IO_ERROR);
  fill_queues(sizes[kReceive]);
  add_status(common, kVirtioStatusDriverOk);
  for (uint64_t i = 0; i < kQueues; i++) notify(i);
  return OK;
}

// What needs other cells first, then the device itself.
static status_t set_up(void) {
  const console_device_t *device = state_virtio_console_device;
  pci_address_t address = {};
  TRY(find_device(&address));
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  TRY(event_ensure(&state_virtio_console_device->monitor, &device->event).status);
  TRY(pci_enable(address));
  TRY(obtain_registers(owner.value, address));
  TRY(obtain_memory(owner.value));
  TRY(obtain_messages(address));
  monitor_enter(&state_virtio_console_device->monitor);
  const status_t status = start_device();
  monitor_exit(&state_virtio_console_device->monitor);
  return status;
}

// Keeps what came, then marks the device as being set up. BUSY: another task is at it; unless it
// failed there, which is for who resets to know.
static status_t claim(bool by_force) REQUIRES(state_virtio_console_device->monitor) {
  const console_device_t *device = state_virtio_console_device;
  if (device->phase == kAttaching && !by_force) return ERR(BUSY);
  if (device->phase == kReady) {
    status_ignore(queue_harvest(&device->queues[kReceive], queue_memory(kReceive)),
                  "what came before the nonsense is kept");
  }
  state_set(&device->phase, (uint64_t)kAttaching);
  return OK;
}

static void set_phase(enum phase phase) {
  monitor_enter(&state_virtio_console_device->monitor);
  state_set(&state_virtio_console_device->phase, (uint64_t)phase);
  monitor_exit(&state_virtio_console_device->monitor);
}

static status_t attach(bool by_force) {
  monitor_enter(&state_virtio_console_device->monitor);
  const status_t claimed = claim(by_force);
  monitor_exit(&state_virtio_console_device->monitor);
  TRY(claimed);
  const status_t status = set_up();
  set_phase(status_is_ok(status) ? kReady : kUnused);
  return status;
}

static enum phase current_phase(void) {
  monitor_enter(&state_virtio_console_device->monitor);
  const enum phase phase = (enum phase)state_virtio_console_device->phase;
  monitor_exit(&state_virtio_console_device->monitor);
  return phase;
}

// Sets the device up when it is first used.
static status_t make_ready(void) {
  const enum phase phase = current_phase();
  if (phase == kFailed) return ERR(IO_ERROR);
  if (phase != kReady) TRY(attach(false));
  return event_watch_state(&state_virtio_console_device->monitor,
                           &state_virtio_console_device->event);
}

// What the device said cannot be: nothing of it is believed any more.
static status_t fail(void) REQUIRES(state_virtio_console_device->monitor) {
  state_set(&state_virtio_console_device->phase, (uint64_t)kFailed);
  return ERR(IO_ERROR);
}

static status_t check_ready(void) REQUIRES(state_virtio_console_device->monitor) {
  const uint64_t phase = state_virtio_console_device->phase;
  if (phase == kFailed) return ERR(IO_ERROR);
  return phase == kReady ? OK : ERR(BUSY);
}

static status_t send(text_t bytes, size_t *count) REQUIRES(state_virtio_console_device->monitor) {
  const console_device_t *device = state_virtio_console_device;
  const queue_t *queue = &device->queues[kTransmit];
  const byte_span_t memory = queue_memory(kTransmit);
  TRY(check_ready());
  if (!status_is_ok(queue_reclaim(queue, memory))) return fail();
  size_t sent = 0;
  for (size_t part = 1; part != 0 && sent < bytes.length; sent += part) {
    const text_t left = text_slice(bytes, sent, bytes.length - sent);
    part = queue_write(queue, memory, queue_physical(kTransmit), left);
  }
  if (sent == 0) return ERR(WOULD_BLOCK);
  state_set(&device->sent, device->sent + sent);
  notify(kTransmit);
  *count = sent;
  return OK;
}

static status_t receive(text_buffer_t buffer, size_t *count)
    REQUIRES(state_virtio_console_device->monitor) {
  const console_device_t *device = state_virtio_console_device;
  const queue_t *queue = &device->queues[kReceive];
  const byte_span_t memory = queue_memory(kReceive);
  TRY(check_ready());
  if (!status_is_ok(queue_harvest(queue, memory))) return fail();
  size_t taken = 0;
  // An item without bytes gives none, and another may stand behind it.
  for (uint32_t i = 0; i < kQueueItems; i++) {
    taken += queue_read(queue, memory, text_buffer_slice(buffer, taken, buffer.length - taken));
  }
  notify(kReceive);
  if (taken == 0) return ERR(WOULD_BLOCK);
  state_set(&device->received, device->received + taken);
  *count = taken;
  return OK;
}

size_result_t virtio_console_write(text_t bytes) {
  size_result_t result = {};
  if (bytes.length == 0) return (size_result_t){.status = ERR(INVALID_ARGUMENT)};
  TRY_RESULT(size_result_t, make_ready());
  monitor_enter(&state_virtio_console_device->monitor);
  result.status = send(bytes, &result.value);
  monitor_exit(&state_virtio_console_device->monitor);
  return result;
}

size_result_t virtio_console_read(text_buffer_t buffer) {
  size_result_t result = {};
  if (buffer.length == 0) return (size_result_t){.status = ERR(INVALID_ARGUMENT)};
  TRY_RESULT(size_result_t, make_ready());
  monitor_enter(&state_virtio_console_device->monitor);
  result.status = receive(buffer, &result.value);
  monitor_exit(&state_virtio_console_device->monitor);
  return result;
}

status_t virtio_console_describe(virtio_console_info_t *info) {
  const console_device_t *device = state_virtio_console_device;
  monitor_enter(&state_virtio_console_device->monitor);
  const virtio_console_info_t now = {
      .received = device->received,
      .sent = device->sent,
      .interrupts = device->interrupts,
      .ready = device->phase == kReady,
      .failed = device->phase == kFailed,
  };
  monitor_exit(&state_virtio_console_device->monitor);
  *info = now;
  return OK;
}

status_t virtio_console_reset(void) { return current_phase() == kUnused ? OK : attach(true); }

status_t virtio_console_interrupt(void) {
  const console_device_t *device = state_virtio_console_device;
  if (device->monitor.interrupts == 0) return ERR(UNAVAILABLE);
  monitor_enter(&state_virtio_console_device->monitor);
  state_set(&device->interrupts, device->interrupts + 1);
  event_signal_state(&device->event);
  monitor_exit(&state_virtio_console_device->monitor);
  return OK;
}
