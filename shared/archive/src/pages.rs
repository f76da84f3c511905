//! The pages of a column: the bytes of a chunk in, headers and pages out.
//!
//! Invariant: the pages with their headers are all of the bytes, or the last item is an error.

use polars_parquet_format::PageHeader;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use crate::read_error::ReadError;

/// The pages that are still to come.
pub(crate) struct Pages<'a> {
    rest: &'a [u8],
}

impl<'a> Pages<'a> {
    /// The pages of a chunk.
    pub(crate) fn new(chunk: &'a [u8]) -> Pages<'a> {
        Pages { rest: chunk }
    }

    fn read(&mut self) -> Result<(PageHeader, &'a [u8]), ReadError> {
        let limit = self.rest.len();
        let mut thrift = TCompactInputProtocol::new(&mut self.rest, limit);
        let header = PageHeader::read_from_in_protocol(&mut thrift).map_err(ReadError::damaged)?;
        let size = usize::try_from(header.compressed_page_size).map_err(ReadError::damaged)?;
        let cut = || ReadError::damaged("a page is cut short");
        let (page, rest) = self.rest.split_at_checked(size).ok_or_else(cut)?;
        self.rest = rest;
        Ok((header, page))
    }
}

impl<'a> Iterator for Pages<'a> {
    type Item = Result<(PageHeader, &'a [u8]), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let page = self.read();
        if page.is_err() {
            self.rest = &[];
        }
        Some(page)
    }
}
