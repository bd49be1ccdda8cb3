"""Drives the fake with OpenAI's own Python client: what a real Azure says, the client must understand here, too.

Called with the address, the key and the deployment. What the last message says is what the fake does.
"""

import sys
import time

import openai
from pydantic import BaseModel

URI, KEY, DEPLOYMENT = sys.argv[1:]


class Step(BaseModel):
    """A part of an answer."""

    text: str


class Answer(BaseModel):
    """What is asked for: the client makes a strict schema of it."""

    summary: str
    description: str | None
    steps: list[Step]


def dated(**more):
    return openai.AzureOpenAI(
        azure_endpoint=URI, api_key=more.pop("api_key", KEY), api_version="2024-10-21", **more
    )


def v1(**more):
    return openai.OpenAI(base_url=f"{URI}/openai/v1/", api_key=more.pop("api_key", KEY), **more)


def ask(client, what, **more):
    return client.chat.completions.create(
        model=more.pop("model", DEPLOYMENT),
        messages=[{"role": "system", "content": "Answer."}, {"role": "user", "content": what}],
        response_format=openai.lib._parsing.type_to_response_format_param(Answer),
        **more,
    )


def parse(client, what):
    return client.chat.completions.parse(
        model=DEPLOYMENT, messages=[{"role": "user", "content": what}], response_format=Answer
    )


def fails(kind, call):
    try:
        call()
    except openai.OpenAIError as error:
        assert type(error) is kind, (kind, repr(error))
        return error
    raise AssertionError(f"no {kind}")


for make in (dated, v1):
    client = make()

    # An answer in the shape of a schema, with everything that the client's types know.
    completion = ask(client, "well", max_tokens=100, temperature=0)
    assert completion.object == "chat.completion" and completion.model.startswith("gpt-4o-mini"), completion
    (choice,) = completion.choices
    assert choice.finish_reason == "stop" and choice.message.role == "assistant", choice
    assert Answer.model_validate_json(choice.message.content).summary == "Do it."
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0, usage
    assert usage.prompt_tokens_details.cached_tokens == 0, usage
    parsed = parse(client, "well").choices[0].message.parsed
    assert parsed == Answer(summary="Do it.", description=None, steps=[Step(text="One.")]), parsed

    # A function that must be called.
    tools = [openai.pydantic_function_tool(Answer, name="answer")]
    called = client.chat.completions.create(
        model=DEPLOYMENT,
        messages=[{"role": "user", "content": "well"}],
        tools=tools,
        tool_choice={"type": "function", "function": {"name": "answer"}},
    )
    function = called.choices[0].message.tool_calls[0].function
    assert function.name == "answer" and Answer.model_validate_json(function.arguments), called

    # Other ends of an answer.
    assert parse(client, "refuse").choices[0].message.refusal == "no"
    fails(openai.LengthFinishReasonError, lambda: parse(client, "cut"))
    fails(openai.ContentFilterFinishReasonError, lambda: parse(client, "filter reply"))
    blocked = fails(openai.BadRequestError, lambda: ask(client, "filter prompt"))
    assert blocked.code == "content_filter" and blocked.param == "prompt", blocked.body
    assert blocked.body["innererror"]["code"] == "ResponsibleAIPolicyViolation", blocked.body

    # Wrong requests.
    refused = fails(openai.AuthenticationError, lambda: ask(make(api_key="wrong"), "well"))
    assert refused.status_code == 401 and refused.code == "401" and "Access denied" in refused.message, refused
    unknown = fails(openai.NotFoundError, lambda: ask(client, "well", model="other"))
    assert unknown.code == "DeploymentNotFound", unknown.body
    loose = {"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": {"type": "object"}}}
    wrong = fails(
        openai.BadRequestError,
        lambda: client.chat.completions.create(
            model=DEPLOYMENT, messages=[{"role": "user", "content": "well"}], response_format=loose
        ),
    )
    assert wrong.param == "response_format" and wrong.type == "invalid_request_error", wrong.body

    # A limit: the client waits as the headers say and asks again.
    for header in ("retry-after-ms", "retry-after"):
        began = time.monotonic()
        answered = ask(make(max_retries=1), f"limit {header} {make.__name__}")
        took = time.monotonic() - began
        assert answered.choices[0].finish_reason == "stop" and 1.0 <= took < 8, (header, took)
    limited = fails(openai.RateLimitError, lambda: ask(make(max_retries=0), f"limit once {make.__name__}"))
    assert limited.status_code == 429 and limited.code == "429", limited.body
    assert limited.response.headers["retry-after-ms"] == "1500" and limited.request_id == "fake-request", limited

    # Failures of the service.
    assert ask(make(max_retries=1), f"fail 500 {make.__name__}").choices[0].finish_reason == "stop"
    fails(openai.InternalServerError, lambda: ask(make(max_retries=0), f"fail once {make.__name__}"))
    fails(openai.APIConnectionError, lambda: ask(make(max_retries=0), "hang up"))
    fails(openai.APITimeoutError, lambda: ask(make(max_retries=0, timeout=0.3), "hang"))

raw = v1().chat.completions.with_raw_response.create(
    model=DEPLOYMENT,
    messages=[{"role": "user", "content": "well"}],
    response_format=openai.lib._parsing.type_to_response_format_param(Answer),
)
assert raw.parse().choices and raw.request_id == "fake-request", raw.headers
print("understood")
