// SPDX-License-Identifier: MIT
#include "testing/step/layout.h"

#include "nano_core/core/core.h"

const step_layout_t step_layout = {
    .cpu_self = offsetof(cpu_t, self),
    .cpu_core = offsetof(cpu_t, core),
    .cpu_gate_top = offsetof(cpu_t, gate_top),
    .cpu_hold_count = offsetof(cpu_t, hold_count),
    .cpu_held_count = offsetof(cpu_t, held_count),
    .cpu_interrupt_depth = offsetof(cpu_t, interrupt_depth),
    .cpu_preempt_wanted = offsetof(cpu_t, preempt_wanted),
    .cpu_task = offsetof(cpu_t, task),
    .cpu_head_bytes = offsetof(cpu_t, held),  // all of the above
    .task_status = offsetof(task_record_t, status),
    .task_cancelled = offsetof(task_record_t, cancelled),
    .task_preemptions = offsetof(task_record_t, preemptions),
    .task_steps = offsetof(task_record_t, steps),
    .core_instances = offsetof(core_t, instances),
    .instance_count = kInstances,
    .instance_bytes = sizeof(instance_t),
    .core_blobs = offsetof(core_t, blobs),
    .blob_count = kBlobs,
    .blob_bytes = sizeof(blob_t),
    .instance_used = offsetof(instance_t, used),
    .instance_interface = offsetof(instance_t, interface),
    .instance_stubs = offsetof(instance_t, stubs),
    .instance_import_count = offsetof(instance_t, import_count),
    .instance_imports = offsetof(instance_t, imports),
    .interface_name = offsetof(interface_record_t, name),
    .import_bytes = sizeof(instance_import_entry_t),
    .import_function = offsetof(instance_import_entry_t, function),
    .blob_used = offsetof(blob_t, used),
    .blob_name = offsetof(blob_t, name),
    .blob_start = offsetof(blob_t, memory) + offsetof(mapping_t, start),
    .name_bytes = sizeof(name_t),
    .text_length = offsetof(text_t, length),
    .frame_vector = offsetof(interrupt_frame_t, vector),
    .frame_rip = offsetof(interrupt_frame_t, rip),
    .frame_bytes = sizeof(interrupt_frame_t),
    .stub_bytes = STUB_BYTES,
    .gate_frame_bytes = FRAME_BYTES,
};
