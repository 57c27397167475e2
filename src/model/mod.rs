//! The domain as plain values.
