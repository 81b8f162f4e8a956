// SPDX-License-Identifier: MIT
/// @file
/// One virtqueue of the split layout, and its buffers. What the device writes is checked before it
/// is used. The memory is reached through the mmio intrinsics, since the device changes it.
/// @context  inside the monitor of the blob that the queue is in
/// @spill    none: positions are in the blob
/// @source   VIRTIO 1.0, section 2.4
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/mmio.h"

enum {
  kQueueItems = 16,  // descriptors, at most
  kQueueBufferBytes = 256,
  kQueueBytes = 2 * kFrameBytes,  // of memory for one queue; the buffers are the second half
  kQueueDescriptors = 0,          // offsets in it
  kQueueAvailable = 512,
  kQueueUsed = 1024,
  kQueueBuffers = kFrameBytes,
  kQueueDescriptorBytes = 16,
  kQueueUsedBytes = 8,
  kQueueIndex = 2,  // offsets in either ring
  kQueueRing = 4,
  kQueueDeviceWrites = 2,  // flag of a descriptor
};

static_assert(kQueueItems * kQueueBufferBytes <= kFrameBytes, "the buffers fit");

/// A buffer that the device has filled.
typedef struct queue_item {
  uint32_t buffer;
  uint32_t bytes;
} queue_item_t;

typedef struct queue {
  uint64_t size;       // descriptors in use, a power of 2
  uint64_t available;  // buffers that were given to the device, over all time
  uint64_t used;       // of them, those that came back and were looked at
  uint64_t in_flight;  // bit i: buffer i is the device's
  // Receiving: what came and was not read, the oldest first.
  uint64_t first;
  uint64_t next;
  uint64_t taken;  // bytes of the oldest that were read
  queue_item_t items[kQueueItems];
} queue_t;

static inline uint64_t queue_bit(uint64_t buffer) { return UINT64_C(1) << buffer; }

static inline byte_span_t queue_buffer(byte_span_t memory, uint64_t buffer) {
  return byte_span_slice(memory, kQueueBuffers + buffer * kQueueBufferBytes, kQueueBufferBytes);
}

/// Gives a buffer to the device. The index is written last.
static inline void queue_offer(const queue_t *queue, byte_span_t memory, uint64_t buffer) {
  const uint64_t place = queue->available % queue->size;
  mmio_write16(memory, kQueueAvailable + kQueueRing + 2 * place, (uint16_t)buffer);
  state_set(&queue->in_flight, queue->in_flight | queue_bit(buffer));
  state_set(&queue->available, queue->available + 1);
  mmio_write16(memory, kQueueAvailable + kQueueIndex, (uint16_t)queue->available);
}

/// Writes the descriptor of a buffer.
static inline void queue_describe(byte_span_t memory, paddr_t physical, uint64_t buffer,
                                  uint32_t bytes, bool device_writes) {
  const uint64_t place = kQueueDescriptors + buffer * kQueueDescriptorBytes;
  const uint64_t start = physical.bytes + kQueueBuffers + buffer * kQueueBufferBytes;
  mmio_write64(memory, place, start);
  mmio_write32(memory, place + 8, bytes);
  mmio_write16(memory, place + 12, device_writes ? kQueueDeviceWrites : 0);
  mmio_write16(memory, place + 14, 0);
}

/// Takes the next buffer back from the device.
/// @errors NOT_FOUND: none has come back. IO_ERROR: what the device says cannot be.
static inline status_t queue_take_back(const queue_t *queue, byte_span_t memory,
                                       queue_item_t *item) {
  const uint16_t index = mmio_read16(memory, kQueueUsed + kQueueIndex);
  const uint16_t news = (uint16_t)(index - (uint16_t)queue->used);
  const uint64_t with_device = (uint64_t)__builtin_popcountll(queue->in_flight);
  if (news == 0) return ERR(NOT_FOUND);
  if (news > with_device) return ERR(IO_ERROR);
  const uint64_t place = kQueueUsed + kQueueRing + queue->used % queue->size * kQueueUsedBytes;
  const queue_item_t found = {mmio_read32(memory, place), mmio_read32(memory, place + 4)};
  const bool is_known =
      found.buffer < queue->size && (queue->in_flight & queue_bit(found.buffer)) != 0;
  if (!is_known || found.bytes > kQueueBufferBytes) return ERR(IO_ERROR);
  state_set(&queue->in_flight, queue->in_flight & ~queue_bit(found.buffer));
  state_set(&queue->used, queue->used + 1);
  *item = found;
  return OK;
}

/// Receiving: notes what the device has filled since the last time.
/// @errors IO_ERROR
static inline status_t queue_harvest(const queue_t *queue, byte_span_t memory) {
  for (uint64_t i = 0; i < kQueueItems; i++) {
    queue_item_t item = {};
    const status_t status = queue_take_back(queue, memory, &item);
    if (status_is(status, STATUS_NOT_FOUND)) return OK;
    TRY(status);
    state_copy(&queue->items[queue->next % kQueueItems], &item, sizeof(item));
    state_set(&queue->next, queue->next + 1);
  }
  return OK;
}

/// Sending: forgets what the device has sent since the last time.
/// @errors IO_ERROR
static inline status_t queue_reclaim(const queue_t *queue, byte_span_t memory) {
  for (uint64_t i = 0; i < kQueueItems; i++) {
    queue_item_t item = {};
    const status_t status = queue_take_back(queue, memory, &item);
    if (status_is(status, STATUS_NOT_FOUND)) return OK;
    TRY(status);
  }
  return OK;
}

/// Receiving: moves bytes from the oldest buffer that has any. A buffer that is read to its end
/// goes back to the device.
/// @returns how many; 0: none is there, or `buffer` is full
static inline size_t queue_read(const queue_t *queue, byte_span_t memory, text_buffer_t buffer) {
  if (queue->first == queue->next) return 0;
  const queue_item_t item = queue->items[queue->first % kQueueItems];
  const byte_span_t source = queue_buffer(memory, item.buffer);
  const size_t left = item.bytes - queue->taken;
  const size_t count = left < buffer.length ? left : buffer.length;
  for (size_t i = 0; i < count; i++) {
    *text_buffer_at(buffer, i) = (char)mmio_read8(source, queue->taken + i);
  }
  state_set(&queue->taken, queue->taken + count);
  if (queue->taken < item.bytes) return count;
  state_set(&queue->taken, 0);
  state_set(&queue->first, queue->first + 1);
  queue_offer(queue, memory, item.buffer);
  return count;
}

/// Sending: puts bytes into a buffer that is free.
/// @returns how many; 0: no buffer is free
static inline size_t queue_write(const queue_t *queue, byte_span_t memory, paddr_t physical,
                                 text_t bytes) {
  const uint64_t all = queue_bit(queue->size) - 1;
  const uint64_t free = all & ~queue->in_flight;
  if (free == 0) return 0;
  const uint64_t buffer = (uint64_t)__builtin_ctzll(free);
  const size_t count = bytes.length < kQueueBufferBytes ? bytes.length : kQueueBufferBytes;
  const byte_span_t target = queue_buffer(memory, buffer);
  for (size_t i = 0; i < count; i++) mmio_write8(target, i, (uint8_t)*text_at(bytes, i));
  queue_describe(memory, physical, buffer, (uint32_t)count, false);
  queue_offer(queue, memory, buffer);
  return count;
}

/// The buffers that were the device's, in the order in which it got them.
typedef struct queue_order {
  uint64_t count;
  uint32_t buffers[kQueueItems];
} queue_order_t;

static inline queue_order_t queue_order_in_flight(const queue_t *queue, byte_span_t memory) {
  queue_order_t order = {};
  uint64_t left = queue->in_flight;
  // From the newest backwards; older entries of the ring were written over.
  for (uint64_t i = 0; i < queue->size && left != 0 && i < queue->available; i++) {
    const uint64_t place = (queue->available - 1 - i) % queue->size;
    const uint32_t buffer = mmio_read16(memory, kQueueAvailable + kQueueRing + 2 * place);
    if (buffer >= queue->size || (left & queue_bit(buffer)) == 0) continue;
    left &= ~queue_bit(buffer);
    order.buffers[order.count++] = buffer;
  }
  for (uint64_t i = 0; i < order.count / 2; i++) {
    const uint32_t newer = order.buffers[i];
    order.buffers[i] = order.buffers[order.count - 1 - i];
    order.buffers[order.count - 1 - i] = newer;
  }
  return order;
}

/// Both rings as a device that was just reset expects them. Items that wait to be read stay.
static inline void queue_clear_rings(const queue_t *queue, byte_span_t memory, uint64_t size) {
  mmio_write16(memory, kQueueAvailable, 0);
  mmio_write16(memory, kQueueAvailable + kQueueIndex, 0);
  mmio_write16(memory, kQueueUsed, 0);
  mmio_write16(memory, kQueueUsed + kQueueIndex, 0);
  state_set(&queue->size, size);
  state_set(&queue->available, 0);
  state_set(&queue->used, 0);
  state_set(&queue->in_flight, 0);
}

/// Receiving: gives the device every buffer that holds nothing.
static inline void queue_offer_all(const queue_t *queue, byte_span_t memory, paddr_t physical) {
  uint64_t holding = 0;
  for (uint64_t i = queue->first; i < queue->next; i++) {
    holding |= queue_bit(queue->items[i % kQueueItems].buffer);
  }
  for (uint64_t buffer = 0; buffer < queue->size; buffer++) {
    queue_describe(memory, physical, buffer, kQueueBufferBytes, true);
    if ((holding & queue_bit(buffer)) == 0) queue_offer(queue, memory, buffer);
  }
}
