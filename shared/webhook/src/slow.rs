//! The slow way to read bodies: any JSON, with `serde_json`.

pub(crate) mod json;
