// SPDX-License-Identifier: MIT
#include "testing/qemu/monitor.h"

#include "tools/json/json.h"

namespace qemu {
namespace {

using theseus::Json;
using theseus::json_member;
using theseus::json_string;
using theseus::json_text;

// Names the command in its answer.
constexpr std::string_view kPicture = "picture";

std::string Member(const Json &object, const char *name) {
  return json_string(json_member(object, name));
}

void ReadLine(std::string_view text, Monitor::News *news) {
  const Json line = Json::parse(text, nullptr, false);
  const std::string event = Member(line, "event");
  if (event == "RESET") news->resets++;
  if (event == "SHUTDOWN") {
    news->shut_down = Member(json_member(line, "data"), "reason") == "guest-shutdown";
  }
  if (Member(line, "id") == kPicture) news->pictures++;
  if (const Json &error = json_member(line, "error"); !error.is_null()) {
    const std::string description = Member(error, "desc");
    news->error = description.empty() ? json_text(error) : description;
  }
}

std::string Line(const Json &command) { return json_text(command) + "\n"; }

// The line that hands QEMU a list of events.
std::string InputEvents(const Json &events) {
  return Line({{"execute", "input-send-event"}, {"arguments", {{"events", events}}}});
}

Json Movement(const char *axis, int value) {
  return {{"type", "rel"}, {"data", {{"axis", axis}, {"value", value}}}};
}

}  // namespace

std::string Monitor::Greeting() { return Line({{"execute", "qmp_capabilities"}}); }

std::string Monitor::KeyEvent(std::string_view key, bool down) {
  const Json code = {{"type", "qcode"}, {"data", key}};
  return InputEvents(Json::array({{{"type", "key"}, {"data", {{"down", down}, {"key", code}}}}}));
}

std::string Monitor::MouseEvent(int right, int down) {
  return InputEvents(Json::array({Movement("x", right), Movement("y", down)}));
}

std::string Monitor::ButtonEvent(std::string_view button, bool down) {
  return InputEvents(
      Json::array({{{"type", "btn"}, {"data", {{"down", down}, {"button", button}}}}}));
}

std::string Monitor::Screenshot(std::string_view file, std::string_view format) {
  return Line({{"execute", "screendump"},
               {"id", kPicture},
               {"arguments", {{"filename", file}, {"format", format}}}});
}

Monitor::News Monitor::Receive(std::string_view bytes) {
  News news;
  rest_ += bytes;
  for (size_t end; (end = rest_.find('\n')) != std::string::npos; rest_.erase(0, end + 1)) {
    ReadLine(std::string_view(rest_).substr(0, end), &news);
  }
  return news;
}

}  // namespace qemu
