//! The chat completions format: requests into JSON, JSON into replies. No network.
//!
//! Answers gain fields at any time and lose some at times, so they are picked apart by path, not by a fixed type.
//! Format: <https://learn.microsoft.com/azure/ai-foundry/openai/reference>.

use serde_json::{Value, json};

use super::capability::{Parameters, capability};
use super::{ModelError, ModelErrorKind, ModelReply, ModelRequest, Usage};
use crate::secret::Secret;

/// Returns the body of a request to a model of this name.
///
/// `deployment` is what the v1 route wants in the body; the dated route has it in its path.
pub(super) fn request_body(request: &ModelRequest, model: &str, deployment: Option<&str>) -> Value {
    let mut body = json!({
        "messages": request.messages,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": request.schema_name, "strict": true, "schema": request.schema},
        },
    });
    let limit = request.max_completion_tokens;
    match capability(model).parameters {
        Parameters::Sampling => {
            body["temperature"] = json!(0);
            body["max_tokens"] = json!(limit);
        }
        Parameters::Reasoning | Parameters::Unknown => body["max_completion_tokens"] = json!(limit),
    }
    if let Some(deployment) = deployment {
        body["model"] = json!(deployment);
    }
    body
}

/// Reads the body of an answer with status 200.
///
/// # Errors
///
/// When the body is no chat completion, or one without text: blocked, refused, cut or empty. Those carry the usage.
pub(super) fn reply(body: &[u8], key: &Secret) -> Result<ModelReply, ModelError> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Err(ModelErrorKind::Garbage { reason: "it is not JSON" }.into());
    };
    let Some(choice) = body.pointer("/choices/0") else {
        return Err(ModelErrorKind::Garbage { reason: "it has no choices" }.into());
    };
    let text = |pointer: &str| choice.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let usage = usage(&body);
    let content = text("/message/content");
    let kind = match text("/finish_reason") {
        "content_filter" => ModelErrorKind::ContentFilter,
        _ if !text("/message/refusal").is_empty() => ModelErrorKind::Refused,
        "length" => ModelErrorKind::Truncated,
        _ if content.is_empty() => ModelErrorKind::Empty,
        _ => {
            let model = body.get("model").and_then(Value::as_str).unwrap_or_default();
            return Ok(ModelReply {
                text: content.to_owned(),
                model: key.sanitise(model),
                usage,
                request_id: None,
            });
        }
    };
    Err(ModelError::from(kind).with_usage(usage))
}

/// Turns an answer with another status than 200 into an error; 429 is the caller's business.
pub(super) fn failure(status: u16, body: &[u8], key: &Secret) -> ModelErrorKind {
    let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let error = body.get("error").unwrap_or(&Value::Null);
    let text = |pointer: &str| error.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let message = key.sanitise(text("/message"));
    // Azure spells it both ways.
    let inner_codes = [text("/innererror/code"), text("/inner_error/code")];
    match status {
        400 if text("/code") == "content_filter" || inner_codes.contains(&"ResponsibleAIPolicyViolation") => {
            ModelErrorKind::ContentFilter
        }
        401 => ModelErrorKind::Unauthorized,
        403 => ModelErrorKind::Forbidden { message },
        404 => ModelErrorKind::NotFound { message },
        408 | 409 => ModelErrorKind::Server { status, message },
        400..=499 => ModelErrorKind::BadRequest { message },
        _ => ModelErrorKind::Server { status, message },
    }
}

fn usage(body: &Value) -> Usage {
    let number = |pointer: &str| body.pointer(pointer).and_then(Value::as_u64).unwrap_or_default();
    Usage {
        prompt_tokens: number("/usage/prompt_tokens"),
        cached_tokens: number("/usage/prompt_tokens_details/cached_tokens"),
        completion_tokens: number("/usage/completion_tokens"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Message;

    fn request() -> ModelRequest {
        ModelRequest {
            messages: vec![Message::system("rules"), Message::user("question")],
            schema_name: "answer".to_owned(),
            schema: json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false}),
            max_completion_tokens: 700,
        }
    }

    #[test]
    fn the_parameters_follow_the_model() {
        let table = [
            ("gpt-4o-mini", json!(0), json!(700), Value::Null),
            ("gpt-5-mini", Value::Null, Value::Null, json!(700)),
            ("o4-mini", Value::Null, Value::Null, json!(700)),
            ("our-docs", Value::Null, Value::Null, json!(700)),
        ];
        for (model, temperature, max_tokens, max_completion_tokens) in table {
            let body = request_body(&request(), model, None);
            let field = |name: &str| body.get(name).cloned().unwrap_or_default();
            assert_eq!(field("temperature"), temperature, "{model}");
            assert_eq!(field("max_tokens"), max_tokens, "{model}");
            assert_eq!(field("max_completion_tokens"), max_completion_tokens, "{model}");
            assert_eq!(field("model"), Value::Null, "{model}");
        }
    }

    #[test]
    fn the_answer_must_fit_the_schema_strictly() {
        let body = request_body(&request(), "gpt-4o", Some("docs"));
        assert_eq!(body["model"], "docs");
        assert_eq!(body["messages"][0], json!({"role": "system", "content": "rules"}));
        assert_eq!(body["response_format"]["type"], "json_schema");
        assert_eq!(body["response_format"]["json_schema"]["strict"], true);
        assert_eq!(body["response_format"]["json_schema"]["schema"], request().schema);
    }

    #[test]
    fn a_reply_is_read_with_what_it_cost() {
        let body = json!({
            "model": "gpt-4o-2024-11-20",
            "choices": [{"finish_reason": "stop", "message": {"content": "{}", "refusal": null, "new": 1}}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}},
        });
        let found = reply(body.to_string().as_bytes(), &Secret::new("")).unwrap();
        assert_eq!((found.text.as_str(), found.model.as_str()), ("{}", "gpt-4o-2024-11-20"));
        assert_eq!(found.usage, Usage { prompt_tokens: 9, cached_tokens: 4, completion_tokens: 3 });
    }

    #[test]
    fn replies_without_text_say_why() {
        let choice = |choice: Value| json!({"choices": [choice], "usage": {"completion_tokens": 5}});
        let table = [
            (
                choice(json!({"finish_reason": "content_filter", "message": {"content": "half"}})),
                "ContentFilter",
            ),
            (
                choice(json!({"finish_reason": "stop", "message": {"content": null, "refusal": "no"}})),
                "Refused",
            ),
            (choice(json!({"finish_reason": "length", "message": {"content": "{\"a"}})), "Truncated"),
            (choice(json!({"finish_reason": "stop", "message": {"content": ""}})), "Empty"),
            (choice(json!({"finish_reason": 7, "message": []})), "Empty"),
        ];
        for (body, expected) in table {
            let error = reply(body.to_string().as_bytes(), &Secret::new("")).unwrap_err();
            assert_eq!(format!("{:?}", error.kind), expected, "{body}");
            assert_eq!(error.usage.map(|usage| usage.completion_tokens), Some(5), "{body}");
        }
    }

    #[test]
    fn what_is_no_chat_completion_is_garbage() {
        let deep = "[".repeat(100_000);
        for body in ["", "<html>", "null", "[]", "{}", r#"{"choices":[]}"#, "{\"choices\":", deep.as_str()] {
            let error = reply(body.as_bytes(), &Secret::new("")).unwrap_err();
            assert!(matches!(error.kind, ModelErrorKind::Garbage { .. }), "{error:?}");
        }
    }

    #[test]
    fn statuses_become_kinds() {
        let filter = json!({"error": {"code": "content_filter", "message": "m"}});
        let inner =
            |name: &str| json!({"error": {"code": null, name: {"code": "ResponsibleAIPolicyViolation"}}});
        let plain = json!({"error": {"code": "x", "message": "m"}});
        let table = [
            (400, &filter, "ContentFilter"),
            (400, &inner("innererror"), "ContentFilter"),
            (400, &inner("inner_error"), "ContentFilter"),
            (400, &plain, "BadRequest { message: \"m\" }"),
            (400, &json!("text"), "BadRequest { message: \"\" }"),
            (401, &plain, "Unauthorized"),
            (403, &plain, "Forbidden { message: \"m\" }"),
            (404, &plain, "NotFound { message: \"m\" }"),
            (409, &plain, "Server { status: 409, message: \"m\" }"),
            (422, &plain, "BadRequest { message: \"m\" }"),
            (302, &plain, "Server { status: 302, message: \"m\" }"),
            (503, &plain, "Server { status: 503, message: \"m\" }"),
        ];
        for (status, body, expected) in table {
            let kind = failure(status, body.to_string().as_bytes(), &Secret::new("secret"));
            assert_eq!(format!("{kind:?}"), expected, "{status} {body}");
        }
    }
}
