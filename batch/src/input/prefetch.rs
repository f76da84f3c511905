//! Objects in S3 as streams that are fetched ahead.
//!
//! Invariant: at most [`AHEAD`] objects beyond those that are being read are under way, each with
//! at most [`PIECES`] pieces in memory; a slow reader slows the network down.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use aws_sdk_s3::primitives::ByteStream;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::s3::{Connection, plain};

/// How many objects are fetched ahead: enough to hide the latency of each request. The archive of a
/// month has some hundred thousand small objects, to be read within 900 s.
const AHEAD: usize = 32;
/// How many pieces of an object may wait to be read.
const PIECES: usize = 4;
/// The minimum size of a piece, except the last.
const PIECE_BYTES: usize = 256 << 10;

/// Objects that are read once each, about in this order.
pub(crate) struct Objects {
    connection: Connection,
    bucket: String,
    keys: Vec<String>,
    fetched: Mutex<Fetched>,
}

#[derive(Default)]
struct Fetched {
    /// The first object that is not under way yet.
    next: usize,
    waiting: HashMap<usize, ObjectReader>,
}

impl Objects {
    pub(crate) fn new(connection: Connection, bucket: String, keys: Vec<String>) -> Objects {
        Objects { connection, bucket, keys, fetched: Mutex::default() }
    }

    /// The content of an object. This starts fetching the ones after it.
    pub(crate) fn open(&self, number: usize) -> ObjectReader {
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        while fetched.next <= number + AHEAD && fetched.next < self.keys.len() {
            let next = fetched.next;
            fetched.waiting.insert(next, self.fetch(next));
            fetched.next += 1;
        }
        fetched.waiting.remove(&number).unwrap_or_else(|| self.fetch(number))
    }

    fn fetch(&self, number: usize) -> ObjectReader {
        let (sender, pieces) = channel(PIECES);
        let request = self.connection.client.get_object().bucket(&self.bucket);
        let request = request.key(&self.keys[number]);
        self.connection.runtime.spawn(async move {
            let sent = match request.send().await {
                Ok(object) => send_all(object.body, &sender).await,
                Err(error) => Err(io::Error::other(format!("{:#}", plain(error)))),
            };
            if let Err(error) = sent {
                // Nobody listens only when the job has given up.
                let _heard = sender.send(Err(error)).await.is_ok();
            }
        });
        ObjectReader { pieces, piece: Vec::new(), read: 0 }
    }
}

/// Forwards a body in pieces of at least [`PIECE_BYTES`].
async fn send_all(mut body: ByteStream, sender: &Sender<io::Result<Vec<u8>>>) -> io::Result<()> {
    let mut piece = Vec::new();
    while let Some(bytes) = body.next().await {
        piece.extend_from_slice(&bytes.map_err(io::Error::other)?);
        if piece.len() >= PIECE_BYTES && sender.send(Ok(std::mem::take(&mut piece))).await.is_err()
        {
            return Ok(());
        }
    }
    let _heard = sender.send(Ok(piece)).await.is_ok();
    Ok(())
}

/// The content of an object, received piece by piece.
pub(crate) struct ObjectReader {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    read: usize,
}

impl Read for ObjectReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.piece.len() {
            match self.pieces.blocking_recv() {
                Some(piece) => (self.piece, self.read) = (piece?, 0),
                None => return Ok(0),
            }
        }
        let read = (&self.piece[self.read..]).read(buffer)?;
        self.read += read;
        Ok(read)
    }
}
