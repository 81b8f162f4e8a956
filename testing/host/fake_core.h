// SPDX-License-Identifier: MIT
/// @file
/// A nano_core for tests of cells that ask it about cells, objects and requests: what it answers is
/// set by the test, what it was asked is recorded. Functions that a cell does not import cost
/// nothing, so one fake serves all.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nano_core/api/cell.h"
#include "nano_core/api/instances.h"
#include "nano_core/api/machine.h"
#include "nano_core/api/memory.h"
#include "nano_core/api/trace.h"

/// One request as the cell under test put it together.
struct FakeRequest {
  uint64_t kind = 0;
  std::vector<std::pair<std::string, std::string>> cells;  // name, object
  bool submitted = false;
  bool closed = false;
};

struct FakeCore {
  std::vector<instance_info_t> instances;
  std::map<std::string, std::vector<export_info_t>> exports;
  std::map<std::string, std::vector<import_info_t>> imports;
  std::map<std::string, std::vector<std::string>> clients;
  std::vector<object_info_t> objects;
  std::set<std::string> bad_objects;  // object_describe answers BAD_OBJECT for them
  std::vector<blob_info_t> blobs;
  std::vector<trace_event_t> trace;
  std::vector<task_info_t> tasks;  // places without a name are empty
  std::vector<task_t> cancelled;
  std::map<uint32_t, status_t> cancel_results;  // by index; OK if not here
  std::vector<processor_info_t> processors;     // those that are online

  std::set<std::string> options;              // words of the command line
  std::map<std::string, std::string> values;  // name=value of the command line
  std::map<std::string, uint64_t> measurements;
  machine_framebuffer_t framebuffer = {};  // none unless it has bits_per_pixel
  paddr_t acpi_root = {};                  // none while 0

  // Answers of the next requests, in turn; OK when there are none. `polls` times WOULD_BLOCK first.
  std::deque<status_t> request_results;
  int polls = 0;
  status_t open_status = {};
  std::string request_message;
  uint64_t pinned = 0;
  std::vector<FakeRequest> requests;

  std::map<std::string, status_t> references;  // what reference_obtain answers; OK if not here
  std::vector<std::string> obtained;
  int references_held = 0;

  std::string emergency;        // what was written to the emergency console
  std::string emergency_input;  // what it gives

  int signals = 0;
  int watches = 0;
  uint32_t events = 0;
};

/// The one that the functions of nano_core/api work on; a test resets it: fake_core() = {}.
FakeCore &fake_core();

/// Builds records in a line.
name_t fake_name(const std::string &text);
instance_info_t fake_instance(const std::string &name, uint32_t version = 1);
object_info_t fake_object(const std::string &object, const std::string &implements,
                          const std::string &summary);
std::string fake_string(text_t text);
