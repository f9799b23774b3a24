//! Content on its way in: small bodies stay in memory, others go to a file of the data folder, and
//! what was computed on the way is known at the end.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use rand::Rng;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Chunks;
use crate::error::{Error, Result};

/// Bodies up to this size are held in memory; of larger ones this much.
const BLOCK: usize = 512 * 1024;

/// Receives a body.
pub struct Spool {
    folder: PathBuf,
    max_body: u64,
    size: u64,
    buffer: Vec<u8>,
    sums: Sums,
    file: Option<SpoolFile>,
}

/// A body that has arrived.
pub struct Received {
    /// Bytes.
    pub size: u64,
    /// sha1 in hex.
    pub sha1: String,
    /// sha256 in hex.
    pub sha256: String,
    content: Content,
}

enum Content {
    Memory(Bytes),
    File(SpoolFile),
}

/// A file that is removed when nobody needs it any more.
struct SpoolFile {
    path: PathBuf,
    file: Option<File>,
}

#[derive(Default)]
struct Sums {
    sha1: Sha1,
    sha256: Sha256,
}

impl Spool {
    pub(super) fn new(folder: PathBuf, max_body: u64) -> Self {
        Self {
            folder,
            max_body,
            size: 0,
            buffer: Vec::new(),
            sums: Sums::default(),
            file: None,
        }
    }

    /// Takes more of the body.
    ///
    /// # Errors
    /// It is too large, or the file can't be written.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.size > self.max_body {
            return Err(Error::TooLarge {
                limit: self.max_body,
            });
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() > BLOCK {
            self.flush().await?;
        }
        Ok(())
    }

    /// The body is complete.
    ///
    /// # Errors
    /// The file can't be written.
    pub async fn finish(mut self) -> Result<Received> {
        if self.file.is_some() {
            self.flush().await?;
        } else {
            self.sums.update(&self.buffer);
        }
        let content = match self.file {
            Some(file) => Content::File(file),
            None => Content::Memory(self.buffer.into()),
        };
        Ok(Received {
            size: self.size,
            sha1: hex::encode(self.sums.sha1.finalize()),
            sha256: hex::encode(self.sums.sha256.finalize()),
            content,
        })
    }

    async fn flush(&mut self) -> Result<()> {
        let file = self.file.take();
        let folder = self.folder.clone();
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut sums = std::mem::take(&mut self.sums);
        let worked = tokio::task::spawn_blocking(move || -> Result<_> {
            let mut file = match file {
                Some(file) => file,
                None => SpoolFile::create(&folder)?,
            };
            sums.update(&buffer);
            file.write(&buffer)?;
            buffer.clear();
            Ok((file, buffer, sums))
        })
        .await??;
        let (file, buffer, sums) = worked;
        self.file = Some(file);
        self.buffer = buffer;
        self.sums = sums;
        Ok(())
    }
}

impl Received {
    /// A body that is in memory.
    pub fn of_bytes(bytes: Bytes) -> Self {
        let mut sums = Sums::default();
        sums.update(&bytes);
        Self {
            size: bytes.len() as u64,
            sha1: hex::encode(sums.sha1.finalize()),
            sha256: hex::encode(sums.sha256.finalize()),
            content: Content::Memory(bytes),
        }
    }

    /// All of it, if it is small.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Memory(bytes) => Some(bytes),
            Content::File(_) => None,
        }
    }

    /// Text, if it is small and UTF-8.
    pub async fn text(&mut self, limit: u64) -> Result<Option<String>> {
        use futures_util::StreamExt;
        if self.size > limit {
            return Ok(None);
        }
        if let Some(bytes) = self.bytes() {
            return Ok(String::from_utf8(bytes.to_vec()).ok());
        }
        let mut chunks = self.chunks()?;
        let mut bytes = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| crom_fs::Error::io("read", self.path(), error))?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(String::from_utf8(bytes).ok())
    }

    /// The file it is in; empty if it is in memory.
    pub(super) fn path(&self) -> &Path {
        match &self.content {
            Content::Memory(_) => Path::new(""),
            Content::File(file) => &file.path,
        }
    }

    /// The content as a stream.
    pub(super) fn chunks(&mut self) -> Result<Chunks> {
        let size = self.size;
        match &mut self.content {
            Content::Memory(bytes) => {
                let bytes = bytes.clone();
                Ok(Chunks::of_stream(Box::pin(futures_util::stream::once(
                    async move { Ok(bytes) },
                ))))
            }
            Content::File(file) => {
                let failed = |error| crom_fs::Error::io("read", &file.path, error);
                let mut opened = crom_fs::open(&file.path)?;
                opened.seek(SeekFrom::Start(0)).map_err(failed)?;
                Ok(Chunks::of_open_file(opened, size))
            }
        }
    }

    /// Makes the file the one at `target`.
    pub(super) async fn move_to(&mut self, target: PathBuf) -> Result<()> {
        let Content::File(spooled) = &mut self.content else {
            return Err(Error::Internal("the content is in memory".to_owned()));
        };
        spooled.file = None;
        let path = spooled.path.clone();
        tokio::task::spawn_blocking(move || -> Result<()> {
            if let Some(folder) = target.parent() {
                crom_fs::create_dir_all(folder)?;
            }
            crom_fs::rename(&path, &target)?;
            Ok(())
        })
        .await?
    }
}

impl SpoolFile {
    fn create(folder: &Path) -> Result<Self> {
        let unique: u128 = rand::thread_rng().r#gen();
        let path = folder.join(format!("{unique:032x}"));
        let file = crom_fs::create(&path)?;
        Ok(Self {
            path,
            file: Some(file),
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.file {
            Some(file) => file
                .write_all(bytes)
                .map_err(|error| crom_fs::Error::io("write", &self.path, error).into()),
            None => Err(Error::Internal("the file is closed".to_owned())),
        }
    }
}

impl Drop for SpoolFile {
    fn drop(&mut self) {
        // It may have been moved to its place.
        let _ = crom_fs::remove_file(&self.path);
    }
}

impl Sums {
    fn update(&mut self, bytes: &[u8]) {
        self.sha1.update(bytes);
        self.sha256.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    #[tokio::test]
    async fn sums_are_right_for_small_and_large_bodies() {
        let folder = tempfile::tempdir().expect("a folder");
        for size in [0_usize, 3, BLOCK, BLOCK + 1, 3 * BLOCK + 7] {
            let content: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let mut spool = Spool::new(folder.path().to_path_buf(), 1 << 30);
            for piece in content.chunks(100_000) {
                spool.push(piece).await.expect("is taken");
            }
            let received = spool.finish().await.expect("is complete");
            assert_eq!(received.size, size as u64);
            assert_eq!(received.sha1, hex::encode(Sha1::digest(&content)));
            assert_eq!(received.sha256, hex::encode(Sha256::digest(&content)));
            assert_eq!(received.bytes().is_some(), size <= BLOCK);
        }
        assert_eq!(crom_fs::list(folder.path()).expect("is listed").len(), 0);
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::new(folder.path().to_path_buf(), BLOCK as u64 * 2);
        spool.push(&vec![0; BLOCK + 1]).await.expect("is taken");
        let error = spool.push(&vec![0; BLOCK]).await.expect_err("too large");
        assert!(matches!(error, Error::TooLarge { .. }));
        drop(spool);
        assert_eq!(crom_fs::list(folder.path()).expect("is listed").len(), 0);
    }
}
