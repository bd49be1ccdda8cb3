//! The shape of the answer, within the strict subset of structured outputs.

use serde_json::{Value, json};

/// Which answers a schema is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::generate) enum Shape {
    /// Those with what rules ask for.
    Plain,
    /// Those with a note and an example as well, or null for each.
    WithExtras,
    /// All that are read, with and without.
    Read,
}

/// Names a definition within its group.
pub(in crate::generate) fn identifier(index: usize) -> String {
    format!("d{}", index + 1)
}

/// Returns the schema. Services put it before the prompt: it is the same for all requests of a configuration.
pub(in crate::generate) fn schema(shape: Shape) -> Value {
    let text = json!({"type": ["string", "null"]});
    let named = json!({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "text": {"type": "string"}},
            "required": ["name", "text"],
            "additionalProperties": false
        }
    });
    let mut properties = json!({
        "id": {"type": "string"},
        "summary": text,
        "description": text,
        "parameters": named,
        "returns": text,
        "yields": text,
        "raises": named
    });
    let mut required = vec!["id", "summary", "description", "parameters", "returns", "yields", "raises"];
    let extras = ["note", "example"];
    if shape != Shape::Plain {
        for name in extras {
            properties[name] = text.clone();
        }
    }
    if shape == Shape::WithExtras {
        required.extend(extras);
    }
    json!({
        "type": "object",
        "properties": {
            "definitions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": properties,
                    "required": required,
                    "additionalProperties": false
                }
            }
        },
        "required": ["definitions"],
        "additionalProperties": false
    })
}
