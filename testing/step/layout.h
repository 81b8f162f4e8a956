// SPDX-License-Identifier: MIT
/// @file
/// Where things lie in nano_core's data, for who reads the machine's memory from outside. It is
/// compiled from nano_core's own headers, so it cannot be out of date; what is renamed there does
/// not compile here.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Offsets in bytes; of tables the size of an entry and the number of entries, too.
typedef struct step_layout {
  // the block of a processor, at gs:
  uint64_t cpu_self, cpu_core, cpu_gate_top, cpu_hold_count, cpu_interrupt_depth;
  uint64_t cpu_preempt_wanted, cpu_task, cpu_held_top, cpu_held, held_bytes, cpu_undo_top;
  // a task's record
  uint64_t task_cancelled, task_failures, task_preemptions;
  // nano_core's tables
  uint64_t core_instances, instance_count, instance_bytes;
  uint64_t core_blobs, blob_count, blob_bytes;
  uint64_t core_frames_taken, core_reserve_count;
  // an instance
  uint64_t instance_used, instance_interface, instance_stubs, instance_import_count;
  uint64_t instance_imports, interface_name;
  uint64_t instance_text, instance_text_bytes, instance_blobs, instance_state_count;
  uint64_t instance_exports, instance_export_count;
  // an import of an instance
  uint64_t import_bytes, import_function;
  // a function that it publishes
  uint64_t export_bytes, export_function, export_entry;
  // a blob
  uint64_t blob_used, blob_name, blob_start, blob_length;
  // of names and texts
  uint64_t name_bytes, text_length;
  // an interrupt's frame
  uint64_t frame_vector, frame_rip, frame_bytes;
  // gates
  uint64_t stub_bytes, gate_frame_bytes, gate_frame_return, gate_frame_stack;
} step_layout_t;

extern const step_layout_t step_layout;

#ifdef __cplusplus
}
#endif
