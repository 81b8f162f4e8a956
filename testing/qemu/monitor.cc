// SPDX-License-Identifier: MIT
#include "testing/qemu/monitor.h"

#include "testing/qemu/json.h"

namespace qemu {
namespace {

// Names the command in its answer.
constexpr std::string_view kPicture = "picture";

void ReadLine(std::string_view line, Monitor::News *news) {
  if (JsonMember(line, "event") == "RESET") news->resets++;
  if (JsonMember(line, "id") == kPicture) news->pictures++;
  if (JsonMember(line, "event") == "SHUTDOWN") {
    const auto data = JsonMember(line, "data");
    news->shut_down = data && JsonMember(*data, "reason") == "guest-shutdown";
  }
  if (const auto error = JsonMember(line, "error")) {
    news->error = JsonMember(*error, "desc").value_or(*error);
  }
}

// The line that hands QEMU some events, each the inside of a JSON list.
std::string InputEvents(const std::string &events) {
  return "{\"execute\": \"input-send-event\", \"arguments\": {\"events\": [" + events + "]}}\n";
}

std::string Movement(const char *axis, int value) {
  return std::string("{\"type\": \"rel\", \"data\": {\"axis\": \"") + axis +
         "\", \"value\": " + std::to_string(value) + "}}";
}

}  // namespace

std::string Monitor::Greeting() { return "{\"execute\": \"qmp_capabilities\"}\n"; }

std::string Monitor::KeyEvent(std::string_view key, bool down) {
  return InputEvents(std::string("{\"type\": \"key\", \"data\": {\"down\": ") +
                     (down ? "true" : "false") +
                     ", \"key\": {\"type\": \"qcode\", \"data\": " + JsonString(key) + "}}}");
}

std::string Monitor::MouseEvent(int right, int down) {
  return InputEvents(Movement("x", right) + ", " + Movement("y", down));
}

std::string Monitor::ButtonEvent(std::string_view button, bool down) {
  return InputEvents(std::string("{\"type\": \"btn\", \"data\": {\"down\": ") +
                     (down ? "true" : "false") + ", \"button\": " + JsonString(button) + "}}");
}

std::string Monitor::Screenshot(std::string_view file, std::string_view format) {
  return "{\"execute\": \"screendump\", \"id\": " + JsonString(kPicture) +
         ", \"arguments\": {\"filename\": " + JsonString(file) +
         ", \"format\": " + JsonString(format) + "}}\n";
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
