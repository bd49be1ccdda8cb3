//! What only prose can answer: slots, prompt, reply, verification.
