//! Spans and replacements: apply them, carry them over to the working text, prove that only docstrings changed.
