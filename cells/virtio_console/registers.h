// SPDX-License-Identifier: MIT
/// @file
/// Registers of a virtio device on PCI.
/// @source  VIRTIO 1.0, section 4.1.4
#pragma once

enum {
  kVirtioVendor = 0x1af4,
  kVirtioConsole = 0x1043,
  kVirtioConsoleTransitional = 0x1003,  // it knows 1.0 as well
  kVirtioCapabilityType = 3,            // offsets in a capability
  kVirtioCapabilityRange = 4,
  kVirtioCapabilityOffset = 8,
  kVirtioCapabilityLength = 12,
  kVirtioCapabilityMultiplier = 16,
  kVirtioTypeCommon = 1,
  kVirtioTypeNotify = 2,
  kVirtioDeviceFeatureSelect = 0,  // offsets in the common structure
  kVirtioDeviceFeature = 4,
  kVirtioDriverFeatureSelect = 8,
  kVirtioDriverFeature = 12,
  kVirtioConfigurationVector = 16,
  kVirtioStatus = 20,
  kVirtioQueueSelect = 22,
  kVirtioQueueSize = 24,
  kVirtioQueueVector = 26,
  kVirtioQueueEnable = 28,
  kVirtioQueueNotify = 30,
  kVirtioQueueDescriptors = 32,
  kVirtioQueueDriver = 40,
  kVirtioQueueDevice = 48,
  kVirtioCommonBytes = 56,
  kVirtioStatusAcknowledge = 1,
  kVirtioStatusDriver = 2,
  kVirtioStatusDriverOk = 4,
  kVirtioStatusFeaturesOk = 8,
  kVirtioStatusFailed = 128,
  kVirtioFeatureVersion1 = 1 << 0,  // in the second word
  kVirtioNoVector = 0xffff,
};
