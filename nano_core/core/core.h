// SPDX-License-Identifier: MIT
/// @file
/// All mutable data of nano_core: one versioned struct, reached through one pointer in the
/// per-processor block, so that the next nano_core can take it over. Tables are bounded; running
/// out of one is NO_MEMORY for whoever asked, never a fault.
#pragma once
#include "nano_core/api/event.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/memory.h"
#include "nano_core/api/monitor.h"
#include "nano_core/api/processor.h"
#include "nano_core/api/schedule.h"
#include "nano_core/api/task.h"
#include "nano_core/api/trace.h"
#include "nano_core/api/undo_log.h"
#include "nano_core/arch/boot_info.h"
#include "nano_core/arch/cpu.h"
#include "nano_core/arch/descriptors.h"
#include "nano_core/arch/interrupts.h"
#include "nano_core/arch/ticket_lock.h"
#include "nano_core/fault/state.h"
#include "nano_core/gate/gate.h"
#include "nano_core/loader/manifest.h"
#include "nano_core/loader/message.h"

enum {
  kCoreVersion = 1,
  kInterfaces = 256,
  kInstances = 320,
  kReferences = 256,
  kEvents = 1024,
  kTasks = 12288,
  kContexts = 512,
  kBlobs = 128,
  kRequests = 8,
  kReserveLevel = 96,      // frames that the reserve is trimmed to between requests
  kInstancePages = 16384,  // 64 MiB for the instances' code and constants
  kStackPages = 4,         // of a step's C stack
  kGatePages = 2,          // of a gate stack: 102 calls deep
  kWatches = 4,
  kHeldMonitors = 24,
  kLogLines = 32,          // that can wait for the root to print them
  kPatches = 2048,         // slots that one request may redirect
  kFailuresAllowed = 100,  // of a task's steps, in a row
};

/// A run of mapped pages with a guard page on each side.
typedef struct mapping {
  vaddr_t start;
  uint64_t pages;
} mapping_t;

struct interface_record;

/// A function that an instance publishes.
typedef struct instance_export_entry {
  text_t function;
  text_t shape;
  uint64_t fingerprint;
  uint64_t entry;
} instance_export_entry_t;

/// A function that an instance calls; its slot stands in the instance's slot page.
typedef struct instance_import_entry {
  struct interface_record *provider;
  text_t function;
  uint64_t fingerprint;
  bool direct;
} instance_import_entry_t;

/// One loaded copy of a cell's object. Texts refer to the archive, or to nano_core's constants.
typedef struct instance {
  struct interface_record *interface;
  text_t object_name;  // the archive's file, without `.o`
  manifest_t manifest;
  uint32_t number;      // place in core->instances
  uint64_t generation;  // of the interface, when this instance came to serve
  bool used;
  bool init_failed;   // and was logged
  bool is_core;       // nano_core itself: not placed, admits everybody
  mapping_t text;     // code, a page for fault/inject.h, then stubs
  mapping_t rodata;   // constants, then slots
  mapping_t records;  // the two tables below
  mapping_t debug;    // what a debugger reads (instance/debugger.h); mostly empty
  uint64_t text_bytes, rodata_bytes, state_bytes;
  vaddr_t stubs;
  vaddr_t slots;  // as the instance sees them: constant
  uint64_t export_count, import_count, state_count;
  instance_export_entry_t *exports;
  instance_import_entry_t *imports;
  uint32_t *blobs;  // places in core->blobs
} instance_t;

enum interface_status { kInterfaceFresh, kInterfaceInitialising, kInterfaceReady };

/// A name under which cells are served. Its place in the table is the owner number, so it is never
/// moved. Withdrawn: unloaded on request, so the resolver does not load it again by itself.
typedef struct interface_record {
  name_t name;
  instance_t *serving;
  uint32_t status;  // enum interface_status
  bool used;
  bool withdrawn;
  uint32_t injections;  // that are pending (fault/inject.h)
  uint64_t generation;  // counts the instances that served
} interface_record_t;

/// A blob of the state database.
typedef struct blob {
  name_t name;
  uint64_t fingerprint;
  uint64_t bytes;
  uint32_t version;
  uint32_t owners;  // instances that are bound to it, and nano_core where it was retained
  bool used;
  bool retained;
  mapping_t memory;
} blob_t;

/// A place is given to another function when nobody holds it, and no call goes through it.
typedef struct reference_record {
  gate_slot_t slot;
  interface_record_t *provider;
  name_t function;
  uint32_t generation;
  uint32_t holders;
  uint32_t calls;  // under way
} reference_record_t;

struct watch;

typedef struct event_record {
  uint64_t sequence;
  struct watch *watches;                 // of tasks that wait; each stands in its task's frame
  const struct interface_record *maker;  // null: nano_core
  uint32_t generation;
  bool used;
} event_record_t;

/// An event that the step under way, or the one that was made last, has watched. While the task
/// waits, it is in the event's list.
typedef struct watch {
  event_t event;
  uint64_t sequence;
  struct watch *next;
  struct watch **link;  // what points here; null: in no list
} watch_t;

/// What a step runs on; taken from the pool at its start and given back at its end.
typedef struct context {
  bool made;
  bool taken;
  uint32_t preempted;  // 1: `frame` is where it goes on
  mapping_t stack;
  mapping_t gates;
  uint64_t gate_top;
  uint64_t epoch;            // commits that are known to have left no frame of an old instance here
  struct task_record *task;  // whose step it is for; null: nobody's
  uint32_t place;            // of that task: it may have ended when somebody else looks here
  interrupt_frame_t frame;
} context_t;

/// A task: the first bytes of its frame.
typedef struct task_record {
  char name[kTaskNameBytes];
  task_schedule_t schedule;
  reference_t step;
  const reference_record_t *entry;  // behind `step`, which the task holds
  struct task_slot *slot;           // its place in the table
  task_t self;
  task_t parent;             // who made it, where somebody may join it
  struct task_record *next;  // in the inbox, or among the starved
  context_t *context;        // of a step that was preempted
  event_record_t ended;      // the event that those who join watch
  watch_t watches[kWatches];
  uint32_t watch_count;
  uint32_t status;  // enum task_status
  uint32_t processor;
  uint32_t wakes;  // what made it ready: enum schedule_reason
  union {
    struct {
      uint32_t cancelled;  // 1: it ends before its next step
      uint32_t failures;   // of its steps, in a row
    };
    uint64_t troubles;  // 0: neither
  };
  uint32_t yields;  // 1: it gives way after this one
  bool joinable;
  bool is_protected;  // the machine needs it
  uint64_t steps;
  uint64_t preemptions;
  uint64_t ran;           // cycles
  uint64_t step_started;  // cycles; of the last one, where none is under way
} task_record_t;

/// The frame of a task.
typedef struct task_frame {
  union {
    task_record_t record;
    uint8_t room[kFrameBytes - sizeof(task_progress_t)];
  };
  task_progress_t progress;
} task_frame_t;

static_assert(sizeof(task_frame_t) == kFrameBytes, "a task is one frame");

/// A place for a task. The ticket decides who runs it: whoever exchanges it for 0.
typedef struct task_slot {
  task_record_t *record;  // null: free, or ended and not joined
  uint64_t ticket;        // place + 1, and above it `issued` at that time; 0: not queued
  uint32_t generation;
  uint32_t issued;  // tickets, counted
  uint32_t handed;  // 1: the scheduler is being told about it
  uint32_t result;  // of a task that has ended and was not joined: a status
  uint32_t next;    // of a free slot: the next one, from 1
  task_t parent;    // as in the record
  uint64_t steps;   // that it had made
} task_slot_t;

enum request_status { kRequestFree, kRequestOpen, kRequestSubmitted, kRequestGrace, kRequestDone };

/// One cell of a request, on its way through the swap.
typedef struct request_item {
  name_t name;
  name_t object;
  interface_record_t *interface;
  instance_t *old_instance;
  instance_t *new_instance;
  request_outcome_t outcome;
} request_item_t;

typedef struct request_record {
  uint32_t generation;
  uint32_t status;  // enum request_status
  uint64_t kind;    // enum request_kind
  uint64_t count;
  event_t done;
  status_t result;               // also of a request in grace: what will be answered
  uint64_t started;              // cycles
  uint64_t committed;            // cycles
  uint64_t epoch;                // the commit's number
  uint64_t passes[kProcessors];  // of each processor, at the commit
  message_t message;
  request_item_t items[kRequestCells];
} request_record_t;

/// What nano_core calls in cells; it holds these references for good. Null: nobody ever publishes
/// the function.
typedef struct upcalls {
  const reference_record_t *frame_allocate;
  const reference_record_t *frame_free;
  const reference_record_t *interrupt_handle;
  const reference_record_t *log_write;
  const reference_record_t *scheduler_enqueue;
  const reference_record_t *scheduler_switch;
} upcalls_t;

/// A file of the archive that may be loaded.
typedef struct archived_object {
  text_t name;  // without `.o`
  bytes_t file;
  text_t implements;  // empty: the object is malformed
  text_t summary;
  uint32_t version;
} archived_object_t;

/// One store of a commit: where a slot will lead.
typedef struct slot_patch {
  gate_slot_t *slot;
  gate_slot_t value;
} slot_patch_t;

/// An event of the trace.
typedef struct trace_record {
  uint64_t start;     // cycles
  uint64_t duration;  // cycles
  uint64_t value;
  uint16_t kind;     // enum trace_kind
  uint16_t subject;  // place in core->interfaces, from 1; 0: none
  uint16_t number;
  uint16_t reserved;
  status_t status;
} trace_record_t;

struct cpu;

typedef struct core {
  uint32_t version;    // kCoreVersion
  ticket_lock_t lock;  // core/lock.h
  struct cpu *lock_owner;
  uint64_t lock_depth;
  uint32_t online;        // a bit for each processor that is
  uint64_t sleepers;      // a bit for each processor that may be woken
  uint64_t parking;       // 0: nobody parks; else the number of the rendezvous
  uint64_t parkings;      // counted
  uint64_t flush_wanted;  // counts the unmappings
  uint64_t epoch;         // counts the commits
  bytes_t archive;
  mapping_t object_table;
  archived_object_t *objects;  // in the archive's order
  uint64_t object_count;
  text_t command_line;
  paddr_t acpi_root;
  machine_framebuffer_t framebuffer;
  uint64_t region_count;  // of boot memory that is not handed over yet
  uint64_t region_next;
  frame_range_t regions[32];
  bool donated;           // the regions belong to the frame allocator now
  uint64_t frames_taken;  // held by nano_core for pages and tables
  ticket_lock_t reserve_lock;
  uint64_t reserve_count;
  paddr_t reserve;           // the first; each holds the address of the next
  paddr_t retired;           // tables that no processor may use any more after the next flush
  uint64_t instance_cursor;  // page from which the next mapping is sought
  uint64_t record_cursor;
  instance_t *core_instance;
  upcalls_t upcalls;
  void *apic;
  paddr_t startup_area;           // of boot_info_t
  struct cpu *cpus[kProcessors];  // those that are online or prepared; by their numbers
  uint32_t cpu_count;             // that are online
  interface_record_t interfaces[kInterfaces];
  instance_t instances[kInstances];
  reference_record_t references[kReferences];
  event_record_t events[kEvents];
  ticket_lock_t task_lock;  // guards events, inbox, contexts and the table of tasks
  uint32_t free_task;       // the first free place, from 1
  uint32_t used_tasks;      // places that were ever used
  uint64_t queued;          // tasks that have a ticket
  uint32_t mislaid;         // 1: the scheduler failed, and may have taken a task or not
  uint64_t emergency;       // place from which a task is sought where no scheduler helps
  task_record_t *inbox;     // ready, and not told to the scheduler yet; the oldest first
  task_record_t **inbox_end;
  task_record_t *starved;  // without a context
  task_slot_t tasks[kTasks];
  uint32_t used_contexts;  // places that were ever used
  context_t contexts[kContexts];
  blob_t blobs[kBlobs];
  bool loading;  // the loader's stack is in use
  union {
    struct {
      uint32_t submitted;  // requests that nobody has taken on
      uint32_t in_grace;   // requests that wait for calls to end
    };
    uint64_t chores;  // 0: neither
  };
  request_record_t requests[kRequests];
  uint32_t panicked;     // 1 + number of the processor that says why the machine ends; 0: none
  uint32_t tick_vector;  // which an NMI of the watchdog's raises; 0: NMIs are errors
  uint64_t ticks;        // of the watchdog
  bool running;          // the root loop is; what is logged before goes out at once
  ticket_lock_t log_lock;
  bool flushing;         // somebody prints what was logged
  uint64_t logged;       // lines, counted
  uint64_t log_flushed;  // of them
  message_t log_lines[kLogLines];
  ticket_lock_t trace_lock;
  uint64_t traced;  // events, counted
  trace_record_t trace[kTraceEvents];
  faults_t faults;
  uint64_t patch_count;
  slot_patch_t patches[kPatches];
  uint16_t instance_by_page[kInstancePages];  // number + 1; 0: none
} core_t;

/// A monitor that this processor is inside of, or that it has left while it is still inside of
/// another one that it entered before: they are unlocked together.
typedef struct held_monitor {
  const monitor_t *monitor;
  uint64_t gate_top;   // at entry: which call it belongs to
  uint64_t flags;      // of the processor before it held interrupts off; void where it does not
  uint64_t undo_mark;  // the top of the undo log at entry; not that of the first one
  uint64_t left;       // 1: unlocked with another one; 0 in places that are free
} held_monitor_t;

/// What tasks and interrupt handlers each have of their own on a processor.
typedef struct undo_level {
  held_monitor_t *held;  // its first monitor stands here
  uint64_t log;          // its undo log: of what is stored inside monitors
  uint64_t outside;      // where entries go that nobody will want: from outside of monitors
} undo_level_t;

/// The stacks of a processor. The first ones are those of enum interrupt_stack.
enum cpu_stack {
  kCpuStackRoot = kInterruptStacks,
  kCpuStackLoader,
  kCpuStackInterruptGates,
  kCpuStackRootGates,
  kCpuStackUndo,
  kCpuStackInterruptUndo,
  kCpuStacks,
};

/// The block of a processor, at gs:. Its head is laid out in gate/layout.h. Others read, and write
/// `preempt_wanted`; the rest is its own.
typedef struct cpu {
  struct cpu *self;
  core_t *core;
  uint64_t gate_top;
  uint64_t root_stack;    // where root_leave goes
  uint64_t loader_stack;  // top of the stack on which objects are loaded
  uint64_t canary;      // the same on every processor: a task may move in the middle of a function
  uint64_t hold_count;  // not 0: no preemption
  uint64_t undo_top;    // where the next entry of the undo log goes
  undo_level_t level;
  uint64_t interrupt_depth;
  uint64_t interrupt_gates;  // base of the gate stack for handlers
  uint64_t interrupted_top;  // of the gate stack that a handler interrupted
  uint64_t root_gates;       // base of the gate stack for the root
  uint32_t number;           // place in core->cpus
  uint32_t apic;             // the number of its local APIC
  uint32_t online;           // 1: it has come; written once, by itself
  uint32_t started;          // 1: the startup area is its own until it has come
  uint32_t asleep;
  uint64_t parked;      // the last rendezvous that it came to
  uint64_t park_flags;  // of the one that it called
  uint64_t flush_seen;
  uint64_t passes;          // of its root loop: as between two steps, no cell is on its stacks then
  uint32_t preempt_wanted;  // not 0: by others, or by this one's timer
  uint32_t keeps_house;     // 1: its root does other things than looking for a task
  uint32_t look_wanted;     // 1: another processor has sent an NMI, for the watchdog
  uint32_t owed_looks;      // that found this processor in nano_core, and not waiting
  gate_frame_t *met_call;   // by the watchdog, before
  task_record_t *met_task;  // which made it; null: none did
  task_record_t *task;      // whose step is being made
  task_record_t *next;      // that this processor took on while it left the context; null: none
  context_t *spare;         // for the next step
  uint64_t accounted;       // cycle counter up to which the time is some task's
  uint64_t came;            // cycle counter when it came online
  uint64_t asleep_since;    // cycles
  uint64_t idle_cycles;
  uint64_t switches;
  uint64_t steps;
  uint64_t interrupts;                     // of devices
  uint64_t calls;                          // by other processors
  held_monitor_t *held_top;                // where the next one goes
  held_monitor_t held[kHeldMonitors + 2];  // the first one stands for "none": no monitor
  mapping_t memory;                        // of this block; empty: boot memory
  mapping_t stacks[kCpuStacks];
  descriptors_t descriptors;
} cpu_t;

static_assert(offsetof(cpu_t, core) == CPU_CORE);
static_assert(offsetof(cpu_t, gate_top) == CPU_GATE_TOP);
static_assert(offsetof(cpu_t, root_stack) == CPU_ROOT_STACK);
static_assert(offsetof(cpu_t, loader_stack) == CPU_LOADER_STACK);
static_assert(offsetof(cpu_t, canary) == CPU_CANARY);
static_assert(offsetof(cpu_t, hold_count) == CPU_HOLD_COUNT);
static_assert(offsetof(cpu_t, undo_top) == CPU_UNDO_TOP && kUndoTop == CPU_UNDO_TOP);
static_assert(sizeof(gate_slot_t) == SLOT_BYTES);
static_assert(sizeof(gate_frame_t) == FRAME_BYTES);
static_assert(offsetof(gate_frame_t, return_address) == FRAME_RETURN);
static_assert(offsetof(gate_frame_t, stack_pointer) == FRAME_STACK);

static inline cpu_t *cpu_current(void) {
  cpu_t *cpu;
  __asm__ volatile("movq %%gs:0, %0" : "=r"(cpu));
  return cpu;
}

static inline core_t *core_current(void) { return cpu_current()->core; }

/// Reads a field of 8 bytes in one instruction: a step may be moved to another processor between
/// any two, as long as preemption is not held off.
#define CPU_READ(field)                            \
  ({                                               \
    uint64_t cpu_read;                             \
    __asm__ volatile("movq %%gs:%c1, %0"           \
                     : "=r"(cpu_read)              \
                     : "i"(offsetof(cpu_t, field)) \
                     : "memory");                  \
    cpu_read;                                      \
  })

/// Holds off preemption until core_release; they nest.
static inline void core_hold(void) {
  __asm__ volatile("incq %%gs:%c0" : : "i"(CPU_HOLD_COUNT) : "memory", "cc");
}
static inline void core_release(void) {
  __asm__ volatile("decq %%gs:%c0" : : "i"(CPU_HOLD_COUNT) : "memory", "cc");
}

/// Copies `text` into a name.
/// @errors   INVALID_ARGUMENT: empty, or more than kNameBytes - 1 characters.
status_t name_set(name_t *name, text_t text);
text_t name_text(const name_t *name);

text_t message_view(const message_t *message);

/// The name of a status, as the vocabulary spells it.
text_t status_name(status_t status);

/// Logs one line: `a`, `b`, and after a colon `c` where it is not empty. It is kept until the root
/// comes by; of more than kLogLines at once the oldest are lost.
/// @context  any, exceptions included
void core_log(text_t a, text_t b, text_t c);

/// Prints what was logged, through the log cell, or the emergency console where that fails.
/// @context  root
void core_log_flush(void);

/// Ends the machine: nano_core itself failed.
[[noreturn]] void core_panic(text_t reason, const interrupt_frame_t *frame);
