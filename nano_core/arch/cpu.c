// SPDX-License-Identifier: MIT
#include "nano_core/arch/cpu.h"

enum { kLeafFeatures = 7, kLeafExtended = 0x80000001 };

static const uint32_t kExtendedNoExecute = 1u << 20;  // edx of kLeafExtended
static const uint32_t kFeatureSmep = 1u << 7;         // ebx of kLeafFeatures
static const uint32_t kFeatureSmap = 1u << 20;        // ebx
static const uint32_t kFeatureUmip = 1u << 2;         // ecx

static const uint64_t kEferNoExecute = UINT64_C(1) << 11;
static const uint64_t kCr0Emulate = UINT64_C(1) << 2;
static const uint64_t kCr0WriteProtect = UINT64_C(1) << 16;
static const uint64_t kCr4Umip = UINT64_C(1) << 11;
static const uint64_t kCr4Smep = UINT64_C(1) << 20;
static const uint64_t kCr4Smap = UINT64_C(1) << 21;

void cpu_features_enable(void) {
  const cpuid_t features = cpu_identify(kLeafFeatures);
  if (cpu_identify(kLeafExtended).edx & kExtendedNoExecute) {
    cpu_msr_write(kMsrEfer, cpu_msr_read(kMsrEfer) | kEferNoExecute);
  }
  uint64_t cr0;
  __asm__ volatile("movq %%cr0, %0" : "=r"(cr0));
  cr0 |= kCr0WriteProtect | kCr0Emulate;
  __asm__ volatile("movq %0, %%cr0" : : "r"(cr0) : "memory");
  uint64_t cr4;
  __asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
  if (features.ebx & kFeatureSmep) cr4 |= kCr4Smep;
  if (features.ebx & kFeatureSmap) cr4 |= kCr4Smap;
  if (features.ecx & kFeatureUmip) cr4 |= kCr4Umip;
  __asm__ volatile("movq %0, %%cr4" : : "r"(cr4) : "memory");
}
