//! [I/O] The language model behind a transport-only interface: Azure OpenAI, limits, tokens, prices.
