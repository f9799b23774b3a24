//! Content on its way out.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};

use crate::error::Result;

/// Bytes that are read from a file at once.
const BLOCK: u64 = 512 * 1024;

/// A stream of bytes with flat memory.
pub struct Chunks(BoxStream<'static, io::Result<Bytes>>);

impl Chunks {
    /// A range of a file. Its first block is read at once, so that a missing file is an error here
    /// and not in the middle of an answer.
    pub(super) async fn of_file(path: PathBuf, range: Range<u64>) -> Result<Self> {
        let opened = tokio::task::spawn_blocking(move || -> Result<_> {
            let mut file = crom_fs::open(&path)?;
            let failed = |error| crom_fs::Error::io("read", &path, error);
            if range.start > 0 {
                file.seek(SeekFrom::Start(range.start)).map_err(failed)?;
            }
            let left = range.end.saturating_sub(range.start);
            let first = block(&mut file, left).map_err(failed)?;
            Ok((file, first, left))
        })
        .await??;
        let (file, first, left) = opened;
        let left = left - first.len() as u64;
        let first = stream::once(async move { Ok(first) });
        if left == 0 {
            return Ok(Self(first.boxed()));
        }
        Ok(Self(first.chain(blocks(file, left)).boxed()))
    }

    /// All of an open file.
    pub(super) fn of_open_file(file: File, size: u64) -> Self {
        Self(blocks(file, size).boxed())
    }

    /// Any stream.
    pub fn of_io(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(stream.boxed())
    }

    /// What an object store sends.
    pub(super) fn of_stream(stream: BoxStream<'static, object_store::Result<Bytes>>) -> Self {
        Self(stream.map(|chunk| chunk.map_err(io::Error::other)).boxed())
    }
}

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

fn blocks(file: File, left: u64) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((file, left), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || {
            let bytes = block(&mut file, left)?;
            Ok::<_, io::Error>((bytes, file))
        });
        let (bytes, file) = read.await.map_err(io::Error::other)??;
        let left = left - bytes.len() as u64;
        Ok(Some((bytes, (file, left))))
    })
}

/// The next block. A file that is shorter than it should be is an error: the client must not take a
/// part for the whole.
fn block(file: &mut File, left: u64) -> io::Result<Bytes> {
    let wanted = left.min(BLOCK);
    let mut buffer = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
    file.take(wanted).read_to_end(&mut buffer)?;
    if (buffer.len() as u64) < wanted {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(buffer.into())
}
