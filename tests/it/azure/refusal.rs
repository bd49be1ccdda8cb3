//! What Azure refuses before a model sees it: keys, routes, parameters, schemas that are not strict.
//!
//! The rules of schemas: <https://learn.microsoft.com/azure/ai-foundry/openai/how-to/structured-outputs>.

use hyper::Method;
use serde_json::{Value, json};

use super::{DEPLOYMENT, KEY, Received, TOKEN, error_body};

/// An answer to a request that is wrong in itself.
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) body: Value,
}

pub(super) fn refused(status: u16, code: &str, message: &str) -> Refused {
    Refused { status, body: error_body(code, message) }
}

fn invalid(message: &str) -> Refused {
    let body = json!({"error": {"message": message, "type": "invalid_request_error", "param": "response_format", "code": null}});
    Refused { status: 400, body }
}

/// Returns Azure's refusal of somebody with another key.
pub(super) fn refuse_caller(received: &Received) -> Option<Refused> {
    // What speaks OpenAI's protocol without being Azure.
    let compatible = received.path.starts_with("/v1/");
    let has = |bearer: &str| received.header("authorization") == Some(format!("Bearer {bearer}").as_str());
    let (has_bearer, has_token) = (has(KEY), has(TOKEN));
    let has_key = received.header("api-key") == Some(KEY);
    let is_known = match received.path.as_str() {
        _ if compatible => has_bearer,
        // Azure's newer route takes the key in either header.
        path if path.starts_with("/openai/v1/") => has_key || has_bearer || has_token,
        _ => has_key || has_token,
    };
    if !is_known {
        return Some(refused(
            401,
            "401",
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.",
        ));
    }
    None
}

/// Returns Azure's refusal of a request that is wrong in itself.
pub(super) fn refuse(method: &Method, received: &Received, model: &str) -> Option<Refused> {
    if let Some(refused) = refuse_caller(received) {
        return Some(refused);
    }
    let compatible = received.path == "/v1/chat/completions";
    let dated = received
        .path
        .strip_prefix("/openai/deployments/")
        .and_then(|rest| rest.strip_suffix("/chat/completions"));
    let deployment = match dated {
        Some(deployment) if received.query.starts_with("api-version=20") => deployment,
        None if compatible || received.path == "/openai/v1/chat/completions" => {
            received.body["model"].as_str().unwrap_or_default()
        }
        _ => return Some(refused(404, "404", "Resource not found")),
    };
    if method != Method::POST {
        return Some(refused(404, "404", "Resource not found"));
    }
    if deployment != DEPLOYMENT {
        return Some(refused(
            404,
            "DeploymentNotFound",
            "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.",
        ));
    }
    let body = &received.body;
    if body["messages"].as_array().is_none_or(Vec::is_empty) {
        return Some(invalid("Invalid 'messages': expected a non-empty array."));
    }
    if model.starts_with('o') || model.starts_with("gpt-5") {
        for parameter in ["max_tokens", "temperature", "top_p"] {
            if !body[parameter].is_null() {
                let message =
                    format!("Unsupported parameter: '{parameter}' is not supported with this model.");
                let body = json!({"error": {
                    "message": message,
                    "type": "invalid_request_error",
                    "param": parameter,
                    "code": "unsupported_parameter",
                }});
                return Some(Refused { status: 400, body });
            }
        }
    }
    refuse_form(body, model)
}

/// Returns the refusal of a way to ask for JSON.
fn refuse_form(body: &Value, model: &str) -> Option<Refused> {
    if !model.starts_with('o') && !model.starts_with("gpt-5") && !body["reasoning_effort"].is_null() {
        return Some(refused(400, "BadRequest", "Unrecognized request argument supplied: reasoning_effort"));
    }
    let ways = ["response_format", "tools", "functions"];
    let asked: Vec<&str> = ways.into_iter().filter(|way| !body[*way].is_null()).collect();
    let known: &[&str] = match model {
        _ if model.starts_with("text-only") => &[],
        _ if model.starts_with("gpt-4-") || model.starts_with("gpt-35") => &ways[2..],
        "gpt-4o-2024-05-13" => &ways[1..],
        _ => &ways,
    };
    if let Some(unknown) = asked.iter().find(|way| !known.contains(way)) {
        let message = match *unknown {
            "response_format" => {
                "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
                    .to_owned()
            }
            _ => format!("Unrecognized request argument supplied: {unknown}"),
        };
        return Some(refused(400, "BadRequest", &message));
    }
    let (name, schema, strict) = match asked.as_slice() {
        [] if body["messages"].to_string().contains("JSON Schema:") => return None,
        ["response_format"] if body["response_format"]["type"] == "json_schema" => {
            let format = &body["response_format"]["json_schema"];
            (&format["name"], &format["schema"], format["strict"] == true)
        }
        ["tools"] => {
            let function = &body["tools"][0]["function"];
            if body["tool_choice"]["function"]["name"] != function["name"] {
                return Some(invalid("Invalid 'tool_choice'."));
            }
            (&function["name"], &function["parameters"], function["strict"] == true)
        }
        ["functions"] => {
            let function = &body["functions"][0];
            if body["function_call"]["name"] != function["name"] {
                return Some(invalid("Invalid 'function_call'."));
            }
            // The old words know no strict schemas.
            (&function["name"], &function["parameters"], function["strict"].is_null())
        }
        _ => return Some(invalid("Invalid 'response_format': a strict JSON schema is expected here.")),
    };
    if !strict {
        return Some(invalid("Invalid 'response_format': a strict JSON schema is expected here."));
    }
    let name = name.as_str().unwrap_or_default();
    let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_name) {
        return Some(invalid("Invalid 'response_format.json_schema.name'."));
    }
    not_strict(schema)
        .map(|reason| invalid(&format!("Invalid schema for response_format '{name}': {reason}")))
}

/// Returns why a schema is outside the strict subset of structured outputs.
fn not_strict(schema: &Value) -> Option<String> {
    const UNSUPPORTED: [&str; 11] = [
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "patternProperties",
    ];
    const DEEPEST: usize = 5;
    const MOST_PROPERTIES: usize = 100;
    if schema["type"] != "object" {
        return Some("schema must be a JSON Schema of 'type: \"object\"'.".to_owned());
    }
    let mut properties_in_total = 0;
    let mut open = vec![(schema, 1)];
    while let Some((schema, depth)) = open.pop() {
        if let Some(keyword) = UNSUPPORTED.iter().find(|keyword| !schema[**keyword].is_null()) {
            return Some(format!("'{keyword}' is not permitted."));
        }
        if let Some(properties) = schema["properties"].as_object() {
            properties_in_total += properties.len();
            if depth > DEEPEST || properties_in_total > MOST_PROPERTIES {
                return Some("too many properties or levels of nesting.".to_owned());
            }
            let is_required = |name: &String| {
                schema["required"].as_array().is_some_and(|names| names.contains(&json!(name)))
            };
            if let Some(missing) = properties.keys().find(|name| !is_required(name)) {
                return Some(format!(
                    "'required' is required to be supplied and to be an array including every key in properties. Missing '{missing}'."
                ));
            }
            open.extend(properties.values().map(|property| (property, depth + 1)));
        }
        if is_object(schema) && schema["additionalProperties"] != false {
            return Some("'additionalProperties' is required to be supplied and to be false.".to_owned());
        }
        for keyword in ["items", "anyOf", "$defs"] {
            match &schema[keyword] {
                Value::Array(schemas) => open.extend(schemas.iter().map(|schema| (schema, depth + 1))),
                Value::Object(map) if keyword == "$defs" => {
                    open.extend(map.values().map(|schema| (schema, depth)));
                }
                schema @ Value::Object(_) => open.push((schema, depth + 1)),
                _ => {}
            }
        }
    }
    None
}

fn is_object(schema: &Value) -> bool {
    match &schema["type"] {
        Value::Array(types) => types.contains(&json!("object")),
        one => one == "object",
    }
}
