//! The slow way to read bodies: any JSON, by `serde_json`.

pub(crate) mod json;
