// SPDX-License-Identifier: MIT
#include "nano_core/instance/publish.h"

#include "nano_core/instance/instance.h"

void instance_publish(instance_t *instance) {
  interface_record_t *interface = instance->interface;
  interface->serving = instance;
  interface->status = kInterfaceFresh;
  interface->withdrawn = false;
  instance->generation = ++interface->generation;
}

instance_t *instance_withdraw(interface_record_t *interface) {
  instance_t *instance = interface->serving;
  interface->withdrawn = true;
  interface->serving = nullptr;
  interface->status = kInterfaceFresh;
  instance_unbind_importers(interface);
  return instance;
}
