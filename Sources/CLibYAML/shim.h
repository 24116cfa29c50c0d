#ifndef CLIBYAML_SHIM_H
#define CLIBYAML_SHIM_H

#include <yaml.h>

/// What one event holds, out of libyaml's union: Swift would let any member of that union be read for any type of event.
/// Pointers are borrowed from the event and end with `yaml_event_delete`; those that do not apply are null.
typedef struct {
    const yaml_char_t *_Nullable anchor;
    const yaml_char_t *_Nullable tag;
    const yaml_char_t *_Nullable value;
    size_t length;
    int is_plain;
    int version_major;
    int version_minor;
} CLibYAML_fields;

static inline CLibYAML_fields CLibYAML_event_fields(const yaml_event_t *_Nonnull event) {
    CLibYAML_fields fields = {0};
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        fields.anchor = event->data.scalar.anchor;
        fields.tag = event->data.scalar.tag;
        fields.value = event->data.scalar.value;
        fields.length = event->data.scalar.length;
        fields.is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        break;
    case YAML_SEQUENCE_START_EVENT:
        fields.anchor = event->data.sequence_start.anchor;
        fields.tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        fields.anchor = event->data.mapping_start.anchor;
        fields.tag = event->data.mapping_start.tag;
        break;
    case YAML_ALIAS_EVENT:
        fields.anchor = event->data.alias.anchor;
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (event->data.document_start.version_directive != NULL) {
            fields.version_major = event->data.document_start.version_directive->major;
            fields.version_minor = event->data.document_start.version_directive->minor;
        }
        break;
    default:
        break;
    }
    return fields;
}

#endif
