//! The chat completions format: requests into JSON, JSON into replies. No network.
//!
//! Answers gain fields at any time and lose some at times, so they are picked apart by path, not by a fixed type.
//! Format: <https://learn.microsoft.com/azure/ai-foundry/openai/reference>.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::capability::StructuredOutput;
use super::error::{About, Rejection};
use super::shape::{LengthParameter, Parameter, Shape};
use super::{Message, ModelError, ModelErrorKind, ModelReply, ModelRequest, Usage};
use crate::secret::Secret;

/// Returns the body of a request; `name` is the model or deployment, where the body must hold it.
pub(super) fn request_body(request: &ModelRequest, shape: Shape, name: Option<&str>) -> Value {
    let mut body = json!({"messages": request.messages});
    let function = || json!({"name": request.schema_name, "parameters": request.schema});
    match shape.structured {
        StructuredOutput::JsonSchema => {
            body["response_format"] = json!({
                "type": "json_schema",
                "json_schema": {"name": request.schema_name, "strict": true, "schema": request.schema},
            });
        }
        StructuredOutput::Tools => {
            let mut function = function();
            function["strict"] = json!(true);
            body["tools"] = json!([{"type": "function", "function": function}]);
            body["tool_choice"] = json!({"type": "function", "function": {"name": request.schema_name}});
        }
        StructuredOutput::Functions => {
            body["functions"] = json!([function()]);
            body["function_call"] = json!({"name": request.schema_name});
        }
        StructuredOutput::Text => {
            let mut messages = request.messages.clone();
            // Behind the stable rules, so that what several requests begin with stays the same.
            let place = usize::from(!messages.is_empty());
            messages.insert(place, Message::system(in_words(&request.schema)));
            body["messages"] = json!(messages);
        }
    }
    let limit = match shape.length {
        LengthParameter::MaxTokens => "max_tokens",
        LengthParameter::MaxCompletionTokens => "max_completion_tokens",
    };
    body[limit] = json!(request.max_completion_tokens);
    if let Some(temperature) = shape.temperature {
        // 0 and not 0.0, as people write it.
        body["temperature"] = if temperature == 0.0 { json!(0) } else { json!(temperature) };
    }
    if let Some(effort) = shape.effort {
        body["reasoning_effort"] = json!(effort.word());
    }
    if let Some(name) = name {
        body["model"] = json!(name);
    }
    body
}

/// What is said before the schema where it stands in the prompt.
pub(super) const IN_WORDS: &str = "Answer with one JSON value between ```json and ```, and with nothing else. It must fit this JSON Schema:\n";

fn in_words(schema: &Value) -> String {
    format!("{IN_WORDS}{schema}")
}

/// Reads the body of an answer with status 200.
///
/// # Errors
///
/// When the body is no chat completion, or one without text: blocked, refused, cut or empty. Those carry the usage.
pub(super) fn reply(
    body: &[u8],
    structured: StructuredOutput,
    key: &Secret,
) -> Result<ModelReply, ModelError> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Err(ModelErrorKind::Garbage { reason: "it is not JSON" }.into());
    };
    let Some(choice) = body.pointer("/choices/0") else {
        return Err(ModelErrorKind::Garbage { reason: "it has no choices" }.into());
    };
    let text = |pointer: &str| choice.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let usage = usage(&body);
    let called = match structured {
        StructuredOutput::Tools => text("/message/tool_calls/0/function/arguments"),
        StructuredOutput::Functions => text("/message/function_call/arguments"),
        StructuredOutput::JsonSchema | StructuredOutput::Text => "",
    };
    // A model that answers in prose instead of calling the function has often put the JSON there.
    let content = if called.is_empty() { text("/message/content") } else { called };
    let kind = match text("/finish_reason") {
        "content_filter" => ModelErrorKind::ContentFilter,
        _ if !text("/message/refusal").is_empty() => ModelErrorKind::Refused,
        "length" => ModelErrorKind::Truncated,
        _ if content.trim().is_empty() => ModelErrorKind::Empty,
        _ => {
            let model = body.get("model").and_then(Value::as_str).unwrap_or_default();
            let content = match structured {
                StructuredOutput::JsonSchema => content,
                _ => unfenced(content),
            };
            return Ok(ModelReply {
                text: content.to_owned(),
                model: key.sanitise(model),
                usage: usage.unwrap_or_default(),
                request_id: None,
                attempts: 1,
            });
        }
    };
    let error = ModelError::from(kind);
    Err(usage.into_iter().fold(error, ModelError::with_usage))
}

/// Returns what stands between the first fence and the last, or the whole text when there are none.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let Some((_, rest)) = text.split_once("```") else { return text };
    let inside = rest.rsplit_once("```").map_or(rest, |(inside, _)| inside);
    let inside = inside.strip_prefix("json").or_else(|| inside.strip_prefix("JSON")).unwrap_or(inside);
    inside.trim()
}

/// Turns an answer with another status than 200 into an error; 429 is the caller's business.
pub(super) fn failure(status: u16, body: &[u8], key: &Secret) -> ModelErrorKind {
    let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
    // One of the compatible services wraps its error in a list.
    let body = body.get(0).unwrap_or(&body);
    let error = body.get("error").unwrap_or(&Value::Null);
    let text = |pointer: &str| error.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let message = key.sanitise(error.as_str().unwrap_or(text("/message")));
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
        400..=499 => {
            let about = about(text("/code"), text("/param"), &message);
            ModelErrorKind::BadRequest(Rejection { message, about })
        }
        _ => ModelErrorKind::Server { status, message },
    }
}

/// Returns whether a service refuses because an account has no money left, which it does with the status of a rate limit.
pub(super) fn is_out_of_money(body: &[u8]) -> bool {
    let code = |body: Value| body.pointer("/error/code").and_then(Value::as_str).map(str::to_owned);
    serde_json::from_slice(body).ok().and_then(code).as_deref() == Some("insufficient_quota")
}

/// Says what in a request was wrong, as far as the service tells.
fn about(code: &str, param: &str, message: &str) -> About {
    let lower: Cow<'_, str> = message.to_lowercase().into();
    let is_long =
        |text: &str| ["context_length", "string_above_max_length"].iter().any(|it| text.contains(it));
    if is_long(code) || lower.contains("maximum context length") || lower.contains("context window") {
        return About::Length;
    }
    if let Some(parameter) = Parameter::refused(param, message) {
        return About::Parameter(parameter);
    }
    if lower.contains("api version") || lower.contains("api-version") {
        return About::ApiVersion;
    }
    if lower.contains("model") && (lower.contains("operation") || lower.contains("responses")) {
        return About::Operation;
    }
    About::Other
}

/// Reads what was billed; nothing where the service does not say.
pub(super) fn usage(body: &Value) -> Option<Usage> {
    /// What no request has: more is a slip of the service, and must not end a budget for good.
    const MOST: u64 = 1_000_000_000;
    body.get("usage").filter(|usage| usage.is_object())?;
    let number = |pointer: &str| body.pointer(pointer).and_then(Value::as_u64).unwrap_or_default().min(MOST);
    let prompt_tokens = number("/usage/prompt_tokens");
    // Some services leave hidden reasoning out of the answer's tokens: it is in the total, and billed as the answer is.
    let with_reasoning = number("/usage/total_tokens").saturating_sub(prompt_tokens);
    Some(Usage {
        prompt_tokens,
        cached_tokens: number("/usage/prompt_tokens_details/cached_tokens"),
        completion_tokens: number("/usage/completion_tokens").max(with_reasoning),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::capability::capability;
    use crate::model::shape::{Overrides, ReasoningEffort};

    fn shape(model: &str) -> Shape {
        Shape::of(&capability(model), &Overrides::default())
    }

    fn read(body: &Value) -> Result<ModelReply, ModelError> {
        reply(body.to_string().as_bytes(), StructuredOutput::JsonSchema, &Secret::new(""))
    }

    #[test]
    fn every_way_of_asking_for_json_can_be_put_and_read() {
        let message = |structured| match structured {
            StructuredOutput::JsonSchema => json!({"content": "{\"a\":1}"}),
            StructuredOutput::Tools => {
                json!({"content": null, "tool_calls": [{"function": {"arguments": "{\"a\":1}"}}]})
            }
            StructuredOutput::Functions => json!({"function_call": {"arguments": "{\"a\":1}"}}),
            StructuredOutput::Text => json!({"content": "Here it is:\n```json\n{\"a\":1}\n```\n"}),
        };
        let mut way = Some(StructuredOutput::JsonSchema);
        while let Some(structured) = way {
            let body = request_body(&request(), Shape { structured, ..shape("gpt-4o") }, None);
            let keys = ["response_format", "tools", "functions"].map(|key| !body[key].is_null());
            let expected =
                [StructuredOutput::JsonSchema, StructuredOutput::Tools, StructuredOutput::Functions];
            assert_eq!(keys, expected.map(|it| it == structured), "{structured:?}");
            let has_schema = body["messages"].to_string().contains("additionalProperties");
            assert_eq!(has_schema, structured == StructuredOutput::Text, "{structured:?}");
            let answer = json!({"choices": [{"finish_reason": "stop", "message": message(structured)}]});
            let found = reply(answer.to_string().as_bytes(), structured, &Secret::new("")).unwrap();
            assert_eq!(found.text, "{\"a\":1}", "{structured:?}");
            way = structured.weaker();
        }
    }

    #[test]
    fn fences_are_taken_off() {
        let table = [
            ("{}", "{}"),
            ("```json\n{}\n```", "{}"),
            ("```\n{}\n```", "{}"),
            ("Sure!\n```JSON\n{\"a\": \"```\"}\n```\nDone.", "{\"a\": \"```\"}"),
            ("```json\n{}", "{}"),
            ("```", ""),
        ];
        for (text, expected) in table {
            assert_eq!(unfenced(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_effort_is_sent_where_there_is_one() {
        let body = request_body(&request(), shape("gpt-5-mini"), None);
        assert_eq!(body["reasoning_effort"], "low");
        let none = Shape { effort: Some(ReasoningEffort::None), ..shape("gpt-5.1") };
        assert_eq!(request_body(&request(), none, None)["reasoning_effort"], "none");
        assert_eq!(request_body(&request(), shape("gpt-4o"), None)["reasoning_effort"], Value::Null);
    }

    #[test]
    fn rejections_say_what_they_are_about() {
        let error = |code: &str, param: &str, message: &str| json!({"error": {"code": code, "param": param, "message": message}});
        let table = [
            (
                error("context_length_exceeded", "messages", "This model's maximum context length is 8192."),
                "Length",
            ),
            (
                error("unsupported_parameter", "max_tokens", "Unsupported parameter: 'max_tokens'."),
                "Parameter(MaxTokens)",
            ),
            (error("BadRequest", "", "API version 2021-01-01 is invalid."), "ApiVersion"),
            (
                error(
                    "OperationNotSupported",
                    "",
                    "The chatCompletion operation does not work with the specified model.",
                ),
                "Operation",
            ),
            (error("", "", "no"), "Other"),
        ];
        for (body, expected) in table {
            let ModelErrorKind::BadRequest(rejection) =
                failure(400, body.to_string().as_bytes(), &Secret::new("secret"))
            else {
                panic!("{body}");
            };
            assert_eq!(format!("{:?}", rejection.about), expected, "{body}");
        }
    }

    fn request() -> ModelRequest {
        ModelRequest {
            messages: vec![Message::system("rules"), Message::user("question")],
            schema_name: "answer".to_owned(),
            schema: json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false}),
            max_completion_tokens: 700,
            deadline: None,
            attempts: None,
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
            let body = request_body(&request(), shape(model), None);
            let field = |name: &str| body.get(name).cloned().unwrap_or_default();
            assert_eq!(field("temperature"), temperature, "{model}");
            assert_eq!(field("max_tokens"), max_tokens, "{model}");
            assert_eq!(field("max_completion_tokens"), max_completion_tokens, "{model}");
            assert_eq!(field("model"), Value::Null, "{model}");
        }
    }

    #[test]
    fn the_answer_must_fit_the_schema_strictly() {
        let body = request_body(&request(), shape("gpt-4o"), Some("docs"));
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
        let found = read(&body).unwrap();
        assert_eq!((found.text.as_str(), found.model.as_str()), ("{}", "gpt-4o-2024-11-20"));
        assert_eq!(found.usage, Usage { prompt_tokens: 9, cached_tokens: 4, completion_tokens: 3 });
    }

    #[test]
    fn hidden_reasoning_counts_as_the_answer_wherever_a_service_puts_it() {
        let table = [
            (json!({"completion_tokens": 30, "completion_tokens_details": {"reasoning_tokens": 27}}), 30),
            (json!({"completion_tokens": 30, "total_tokens": 39}), 30),
            (json!({"completion_tokens": 3, "total_tokens": 39}), 30),
            (json!({"completion_tokens": 3, "total_tokens": 0}), 3),
            (json!({"completion_tokens": 3, "total_tokens": "39"}), 3),
            (json!({"completion_tokens": 3, "total_tokens": u64::MAX}), 999_999_991),
        ];
        for (usage, expected) in table {
            let mut body = json!({"choices": [{"message": {"content": "{}"}}], "usage": usage});
            body["usage"]["prompt_tokens"] = json!(9);
            assert_eq!(read(&body).unwrap().usage.completion_tokens, expected, "{body}");
        }
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
            let error = read(&body).unwrap_err();
            assert_eq!(format!("{:?}", error.kind), expected, "{body}");
            assert_eq!(error.usage.map(|usage| usage.completion_tokens), Some(5), "{body}");
        }
    }

    #[test]
    fn what_is_no_chat_completion_is_garbage() {
        let deep = "[".repeat(100_000);
        for body in ["", "<html>", "null", "[]", "{}", r#"{"choices":[]}"#, "{\"choices\":", deep.as_str()] {
            let error = reply(body.as_bytes(), StructuredOutput::JsonSchema, &Secret::new("")).unwrap_err();
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
            (400, &plain, "BadRequest(Rejection { message: \"m\", about: Other })"),
            (400, &json!("text"), "BadRequest(Rejection { message: \"\", about: Other })"),
            (
                400,
                &json!([{"error": {"message": "m"}}]),
                "BadRequest(Rejection { message: \"m\", about: Other })",
            ),
            (401, &plain, "Unauthorized"),
            (403, &plain, "Forbidden { message: \"m\" }"),
            (404, &plain, "NotFound { message: \"m\" }"),
            (409, &plain, "Server { status: 409, message: \"m\" }"),
            (422, &plain, "BadRequest(Rejection { message: \"m\", about: Other })"),
            (302, &plain, "Server { status: 302, message: \"m\" }"),
            (503, &plain, "Server { status: 503, message: \"m\" }"),
        ];
        for (status, body, expected) in table {
            let kind = failure(status, body.to_string().as_bytes(), &Secret::new("secret"));
            assert_eq!(format!("{kind:?}"), expected, "{status} {body}");
        }
    }
}
