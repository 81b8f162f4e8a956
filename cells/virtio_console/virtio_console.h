// SPDX-License-Identifier: MIT
/// @file
/// A second channel to the host: bytes both ways through a virtio console (virtio 1.0 over PCI).
///
/// The device is looked for when the channel is first used. What came and was not read stays where
/// the device put it, so that a sender has to wait and nothing is lost; a write takes what there is
/// room for.
/// @spill   none in the cell; positions of the queues, and which buffers are whose, are in the blob
///          `virtio_console_device`, the buffers in frames that belong to this interface.
/// @source  Virtual I/O Device (VIRTIO) Version 1.0, sections 2.4, 3.1, 4.1 and 5.3.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

typedef struct virtio_console_info {
  uint64_t received;  // bytes that were read
  uint64_t sent;      // bytes that were taken for sending
  uint64_t interrupts;
  uint64_t ready;   // 1: the device is set up
  uint64_t failed;  // 1: it answered nonsense; virtio_console_reset tries again
} virtio_console_info_t;

/// Called by nano_core when the interface is first needed. The device is not looked for yet.
/// @errors   those of blob_retain
CELL_EXPORT status_t virtio_console_initialize(void);

/// Sends as many bytes as there is room for.
/// @returns  how many were taken, at least 1
/// @errors   INVALID_ARGUMENT: no bytes. WOULD_BLOCK: there is no room; the event that tells is
///           watched. NOT_FOUND: there is no such device. UNSUPPORTED: it is older than virtio 1.0.
///           BUSY: another task is setting it up. IO_ERROR: it answers nonsense. And, the first
///           time, those of pci_enable, pci_set_message and the memory cells. Nothing is sent.
/// @context  steps; never waits
CELL_EXPORT size_result_t virtio_console_write(text_t bytes);

/// Takes the oldest bytes that came.
/// @returns  how many, at least 1
/// @errors   as of virtio_console_write; WOULD_BLOCK: none is there; the event is watched.
/// @context  steps; never waits
CELL_EXPORT size_result_t virtio_console_read(LENT text_buffer_t buffer);

/// How things stand.
CELL_EXPORT status_t virtio_console_describe(OUT virtio_console_info_t *info);

/// Sets the device up anew. Bytes that came and were not read stay; those that the device has not
/// taken are sent again. Where it is not in use yet, nothing is done. Ends an attempt to set it up
/// that failed half-way.
/// @errors   as of virtio_console_write, but neither WOULD_BLOCK nor BUSY
/// @context  steps; never waits
CELL_EXPORT status_t virtio_console_reset(void);

/// The handler of the device's messages: wakes who waits.
/// @context  interrupts
CELL_EXPORT status_t virtio_console_interrupt(void);

EXTERN_C_END
