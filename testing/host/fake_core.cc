// SPDX-License-Identifier: MIT
#include "testing/host/fake_core.h"

#include <algorithm>
#include <cstring>

#include "nano_core/api/machine.h"
#include "testing/host/state.h"

namespace {

FakeCore core;

// No cell calls another, nano_core included, from inside a monitor.
void expect_outside_of_monitors() {
  if (host_monitor_depth() != 0) TRAP();
}

template <typename T>
status_t item_at(const std::vector<T> &items, uint64_t index, T *out) {
  expect_outside_of_monitors();
  if (index >= items.size()) return ERR(END);
  *out = items[index];
  return OK;
}

template <typename T>
status_t item_of(const std::map<std::string, std::vector<T>> &items, text_t name, uint64_t index,
                 T *out) {
  const auto found = items.find(fake_string(name));
  return found == items.end() ? ERR(NOT_FOUND) : item_at(found->second, index, out);
}

void set_name(name_t *name, const std::string &text) { *name = fake_name(text); }

FakeRequest *find_request(request_t request) {
  if (request.index >= core.requests.size() || core.requests[request.index].closed) return nullptr;
  return &core.requests[request.index];
}

uint32_t served_version(const std::string &name) {
  for (const instance_info_t &instance : core.instances) {
    if (name == instance.name.characters) return instance.version;
  }
  return 0;
}

}  // namespace

FakeCore &fake_core() { return core; }

name_t fake_name(const std::string &text) {
  name_t name = {};
  memcpy(name.characters, text.data(), std::min<size_t>(text.size(), kNameBytes - 1));
  return name;
}

std::string fake_string(text_t text) {
  return text.length == 0 ? std::string() : std::string(text.data, text.length);
}

instance_info_t fake_instance(const std::string &name, uint32_t version) {
  instance_info_t info = {};
  info.name = fake_name(name);
  info.object = fake_name(name);
  info.version = version;
  info.status = kInstanceServing;
  info.generation = 1;
  info.read_window = kNoReadWindow;
  return info;
}

object_info_t fake_object(const std::string &object, const std::string &implements,
                          const std::string &summary) {
  object_info_t info = {};
  info.object = fake_name(object);
  info.implements = fake_name(implements);
  info.version = 1;
  memcpy(info.summary, summary.data(), std::min<size_t>(summary.size(), kMessageBytes - 1));
  return info;
}

status_t instance_describe(uint64_t index, instance_info_t *info) {
  return item_at(core.instances, index, info);
}

status_t instance_export(text_t name, uint64_t index, export_info_t *info) {
  return item_of(core.exports, name, index, info);
}

status_t instance_import(text_t name, uint64_t index, import_info_t *info) {
  return item_of(core.imports, name, index, info);
}

status_t instance_client(text_t name, uint64_t index, name_t *client) {
  std::string found;
  const status_t status = item_of(core.clients, name, index, &found);
  if (status_is_ok(status)) set_name(client, found);
  return status;
}

status_t object_describe(uint64_t index, object_info_t *info) {
  object_info_t found;
  const status_t status = item_at(core.objects, index, &found);
  if (!status_is_ok(status)) return status;
  *info = found;
  return core.bad_objects.count(found.object.characters) != 0 ? ERR(BAD_OBJECT) : OK;
}

status_t blob_describe(uint64_t index, blob_info_t *info) {
  return item_at(core.blobs, index, info);
}

status_t trace_read(uint64_t index, trace_event_t *event) {
  return item_at(core.trace, index, event);
}

status_t task_describe(uint64_t index, task_info_t *info) {
  if (index >= core.tasks.size()) return ERR(OUT_OF_RANGE);
  if (core.tasks[index].name[0] == 0) return ERR(NOT_FOUND);
  *info = core.tasks[index];
  return OK;
}

status_t task_cancel(task_t task) {
  expect_outside_of_monitors();
  if (task.index >= core.tasks.size()) return ERR(STALE);
  if (core.tasks[task.index].generation != task.generation) return ERR(STALE);
  core.cancelled.push_back(task);
  const auto found = core.cancel_results.find(task.index);
  return found == core.cancel_results.end() ? OK : found->second;
}

status_t processor_describe(uint64_t number, processor_info_t *info) {
  expect_outside_of_monitors();
  if (number >= kProcessors) return ERR(OUT_OF_RANGE);
  if (number >= core.processors.size()) return ERR(NOT_FOUND);
  *info = core.processors[number];
  return OK;
}

request_result_t request_open(uint64_t kind) {
  expect_outside_of_monitors();
  if (!status_is_ok(core.open_status)) return {core.open_status, {}};
  core.requests.push_back({});
  core.requests.back().kind = kind;
  return {OK, {static_cast<uint32_t>(core.requests.size() - 1), 1}};
}

status_t request_add(request_t request, text_t name, text_t object) {
  FakeRequest *found = find_request(request);
  if (found == nullptr) return ERR(STALE);
  if (name.length == 0 && object.length == 0) return ERR(INVALID_ARGUMENT);
  if (found->cells.size() == kRequestCells) return ERR(NO_SPACE);
  found->cells.emplace_back(fake_string(name), fake_string(object));
  return OK;
}

status_t request_submit(request_t request) {
  FakeRequest *found = find_request(request);
  if (found == nullptr) return ERR(STALE);
  found->submitted = true;
  return OK;
}

status_t request_poll(request_t request) {
  const FakeRequest *found = find_request(request);
  if (found == nullptr) return ERR(STALE);
  if (core.polls-- > 0) return ERR(WOULD_BLOCK);
  if (core.request_results.empty()) return OK;
  const status_t result = core.request_results.front();
  if (core.request_results.size() > 1 || status_is_ok(result)) core.request_results.pop_front();
  return result;
}

status_t request_outcome(request_t request, uint64_t index, request_outcome_t *outcome) {
  const FakeRequest *found = find_request(request);
  if (found == nullptr) return ERR(STALE);
  if (index >= found->cells.size()) return ERR(END);
  const auto &[name, object] = found->cells[index];
  request_outcome_t made = {};
  set_name(&made.name, name.empty() ? object : name);
  made.old_version = served_version(name);
  made.new_version = made.old_version + 1;
  made.generation = 7;
  made.pinned = core.pinned;
  made.pause_cycles = 30;
  made.total_cycles = 5000;
  *outcome = made;
  return OK;
}

status_t request_message(request_t request, text_buffer_t message) {
  if (find_request(request) == nullptr) return ERR(STALE);
  text_copy(message, {core.request_message.data(), core.request_message.size()});
  return OK;
}

status_t request_close(request_t request) {
  FakeRequest *found = find_request(request);
  if (found == nullptr) return ERR(STALE);
  found->closed = true;
  return OK;
}

reference_result_t reference_obtain(text_t function) {
  expect_outside_of_monitors();
  core.obtained.push_back(fake_string(function));
  const auto found = core.references.find(core.obtained.back());
  if (found != core.references.end() && !status_is_ok(found->second)) return {found->second, {}};
  core.references_held++;
  return {OK, {static_cast<uint32_t>(core.obtained.size()), 1}};
}

status_t reference_release(reference_t target) {
  if (reference_is_none(target)) return ERR(STALE);
  core.references_held--;
  return OK;
}

bool_result_t machine_option(text_t word) {
  expect_outside_of_monitors();
  return {OK, core.options.count(fake_string(word)) != 0};
}

size_result_t machine_option_value(text_t name, text_buffer_t value) {
  expect_outside_of_monitors();
  const auto found = core.values.find(fake_string(name));
  if (found == core.values.end()) return {ERR(NOT_FOUND), 0};
  return {OK, text_copy(value, {found->second.data(), found->second.size()})};
}

status_t machine_framebuffer(machine_framebuffer_t *framebuffer) {
  if (core.framebuffer.bits_per_pixel == 0) return ERR(NOT_FOUND);
  *framebuffer = core.framebuffer;
  return OK;
}

paddr_result_t machine_acpi_root(void) {
  if (core.acpi_root.bytes == 0) return {ERR(NOT_FOUND), {}};
  return {OK, core.acpi_root};
}

u64_result_t machine_measure(text_t name) {
  const auto found = core.measurements.find(fake_string(name));
  if (found == core.measurements.end()) return {ERR(NOT_FOUND), 0};
  return {OK, found->second};
}

status_t emergency_write(text_t text) {
  expect_outside_of_monitors();
  core.emergency += fake_string(text);
  return OK;
}

u32_result_t emergency_read(void) {
  if (core.emergency_input.empty()) return {ERR(WOULD_BLOCK), 0};
  const auto character = static_cast<uint8_t>(core.emergency_input.front());
  core.emergency_input.erase(0, 1);
  return {OK, character};
}

event_result_t event_create(void) { return {OK, {core.events++, 1}}; }

status_t event_signal(event_t event) {
  core.signals++;
  return event_is_none(event) ? ERR(STALE) : OK;
}

status_t event_watch(event_t event) {
  core.watches++;
  return event_is_none(event) ? ERR(STALE) : OK;
}

owner_result_t owner_self(void) { return {OK, {5}}; }

status_t owner_name(owner_t owner, text_buffer_t name) {
  if (owner.number == 99) return ERR(NOT_FOUND);
  const std::string text = "owner" + std::to_string(owner.number);
  text_copy(name, {text.data(), text.size()});
  return OK;
}

u64_result_t memory_reserve_frames(void) { return {OK, 10}; }
u64_result_t memory_core_frames(void) { return {OK, 100}; }
