// SPDX-License-Identifier: MIT
/// @file
/// Instances: loaded copies of cells' objects. Creating one does all that can fail and touches
/// nothing that others see; publishing and withdrawing are stores.
#pragma once
#include "nano_core/core/core.h"

/// Reads the archive once and lists its objects in core->objects. A malformed one is listed, too:
/// loading it says what is wrong.
/// @errors   BAD_OBJECT: the archive itself is malformed. NO_MEMORY.
/// @context  the loader's stack
status_t object_index_build(void);

/// The archive's object called `name`, with or without `.o`; null: there is none.
const archived_object_t *object_find(text_t name);

/// The first object, in the archive's order, that implements `interface`; null: there is none.
const archived_object_t *object_find_implementing(text_t interface);

/// Loads an object: verifies, places, binds to its blobs. Nobody is led to it yet.
/// @param object  its name in the archive
/// @errors   NOT_FOUND, BAD_OBJECT, NO_MEMORY, INCOMPATIBLE (a blob, or an import), DENIED; nothing
///           is left behind, `message` names both sides.
/// @context  root, or the loader's stack, preemption held
status_t instance_create(text_t object, instance_t **instance, message_t *message);

/// Checks what an instance imports against the providers that are there, or, of `items`, will be.
/// @errors   INCOMPATIBLE, DENIED; both sides are named.
status_t instance_check_imports(const instance_t *instance, const request_item_t *items,
                                uint64_t count, message_t *message);

/// The same for one import and one provider.
status_t import_check(const instance_t *client, const instance_import_entry_t *import,
                      const instance_t *provider, message_t *message);

/// Frees an instance to the last page, and its share in its blobs. Events that it made are ended
/// when the last of its blobs, in which their handles stand, is gone too.
void instance_destroy(instance_t *instance);

/// Whose code or stubs lie at `address`; null: nobody's.
instance_t *instance_at(uint64_t address);

/// The place where nano_core writes slot `index` of an instance, whose own view is constant.
gate_slot_t *instance_slot(const instance_t *instance, uint64_t index);

/// Leads every slot to `provider`, in instances and references, back to the resolver. All other
/// processors are parked: a gate may have read one half of a slot.
void instance_unbind_importers(const interface_record_t *provider);

/// The function `name` of what an instance publishes, or null.
const instance_export_entry_t *instance_find_export(const instance_t *instance, text_t name);

/// Whether the cell `client` is on the instance's client list.
bool instance_admits(const instance_t *instance, text_t client);

/// How many instances import from `provider`.
uint64_t instance_count_callers(const interface_record_t *provider);

/// Makes the entry for nano_core itself, which publishes its api.
status_t instance_create_core(void);
