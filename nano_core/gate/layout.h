// SPDX-License-Identifier: MIT
/// @file
/// Offsets shared by C and assembly: the head of the per-processor block, gate slots and frames.
#pragma once

// cpu_t, at gs:
#define CPU_SELF 0x00
#define CPU_CORE 0x08
#define CPU_GATE_TOP 0x10
#define CPU_ROOT_STACK 0x18
#define CPU_LOADER_STACK 0x20
#define CPU_CANARY 0x28
#define CPU_HOLD_COUNT 0x30
#define CPU_UNDO_TOP 0x38

// gate_slot_t
#define SLOT_ENTRY 0
#define SLOT_INSTANCE 8
#define SLOT_BYTES 16

// gate_frame_t
#define FRAME_INSTANCE 0
#define FRAME_RBX 8
#define FRAME_RBP 16
#define FRAME_R12 24
#define FRAME_R13 32
#define FRAME_R14 40
#define FRAME_R15 48
#define FRAME_RETURN 56
#define FRAME_STACK 64
#define FRAME_MARK 72  // and what the watchdog counts
#define FRAME_BYTES 80

// A gate stub's place in the stub page
#define STUB_BYTES 128
