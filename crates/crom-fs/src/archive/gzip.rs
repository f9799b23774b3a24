//! gzip on all processors, as one member that any reader takes.
//!
//! The input is cut into blocks; each is compressed on its own with the 32 KiB before it as
//! dictionary and ends on a byte border (a "sync flush"), so that the pieces can be joined. What looks
//! like noise (archives, images, encrypted data) is stored as it is: no level makes it smaller, and
//! finding that out takes as long as compressing.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use flate2::{Compress, Crc, FlushCompress, Status};

/// Large enough that the seams cost nothing, small enough that memory stays flat.
const BLOCK: usize = 512 * 1024;
/// How far back deflate can refer.
const WINDOW: usize = 32 * 1024;

/// How much is judged at a time; also the most that one stored block of deflate can hold, which has
/// 16 bits for the length.
const PIECE: usize = 64 * 1024 - 1;
/// Bits per byte from which on a piece counts as noise. Machine code has 6 to 6.5, an archive 7.99.
const NOISE: f64 = 7.9;

struct Block {
    data: Vec<u8>,
    dictionary: Vec<u8>,
    last: bool,
    done: SyncSender<io::Result<Vec<u8>>>,
}

/// A writer that compresses what it is given. [`ParallelGzip::finish`] must be called.
pub(super) struct ParallelGzip<W: Write> {
    inner: W,
    level: u32,
    threads: usize,
    buffer: Vec<u8>,
    dictionary: Vec<u8>,
    crc: Crc,
    pending: VecDeque<Receiver<io::Result<Vec<u8>>>>,
    pool: Option<Pool>,
}

struct Pool {
    jobs: SyncSender<Block>,
    workers: Vec<JoinHandle<()>>,
}

impl<W: Write> ParallelGzip<W> {
    /// Writes the header: level 9 has 2 and level 1 has 4 as extra flags, as zlib does; the name of
    /// the archive, no time, unknown system (255), as Python does.
    pub fn new(mut inner: W, name: &str, level: u32, threads: usize) -> io::Result<Self> {
        let extra = match level {
            9 => 2,
            1 => 4,
            _ => 0,
        };
        inner.write_all(&[0x1f, 0x8b, 8, 0x08, 0, 0, 0, 0, extra, 0xff])?;
        // The name is Latin-1 by the standard and must not hold the byte that ends it.
        let name: Vec<u8> = name.bytes().filter(|byte| *byte != 0).collect();
        inner.write_all(&name)?;
        inner.write_all(&[0])?;
        Ok(Self {
            inner,
            level,
            threads: threads.max(1),
            buffer: Vec::with_capacity(BLOCK),
            dictionary: Vec::new(),
            crc: Crc::new(),
            pending: VecDeque::new(),
            pool: None,
        })
    }

    /// Compresses the rest, writes the trailer and gives the inner writer back.
    pub fn finish(mut self) -> io::Result<W> {
        self.submit(true)?;
        while !self.pending.is_empty() {
            self.write_first()?;
        }
        self.inner.write_all(&self.crc.sum().to_le_bytes())?;
        self.inner.write_all(&self.crc.amount().to_le_bytes())?;
        if let Some(pool) = self.pool.take() {
            drop(pool.jobs);
            for worker in pool.workers {
                let _ = worker.join();
            }
        }
        Ok(self.inner)
    }

    fn submit(&mut self, last: bool) -> io::Result<()> {
        let data = std::mem::replace(&mut self.buffer, Vec::with_capacity(BLOCK));
        let next = data[data.len().saturating_sub(WINDOW)..].to_vec();
        let dictionary = std::mem::replace(&mut self.dictionary, next);
        let (done, result) = sync_channel(1);
        let block = Block {
            data,
            dictionary,
            last,
            done,
        };
        self.pending.push_back(result);
        if last && self.pool.is_none() {
            // Small archives need no threads.
            let mut compressor = Compressor::new(self.level);
            compressor.run(block);
            return Ok(());
        }
        let (level, threads) = (self.level, self.threads);
        let pool = self.pool.get_or_insert_with(|| Pool::start(level, threads));
        pool.jobs
            .send(block)
            .map_err(|_| io::Error::other("a compression thread ended early"))?;
        while self.pending.len() > self.threads * 2 {
            self.write_first()?;
        }
        Ok(())
    }

    fn write_first(&mut self) -> io::Result<()> {
        if let Some(result) = self.pending.pop_front() {
            let compressed = result
                .recv()
                .map_err(|_| io::Error::other("a compression thread ended early"))??;
            self.inner.write_all(&compressed)?;
        }
        Ok(())
    }
}

impl<W: Write> Write for ParallelGzip<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(BLOCK - self.buffer.len());
        let taken = &bytes[..count];
        self.crc.update(taken);
        self.buffer.extend_from_slice(taken);
        if self.buffer.len() == BLOCK {
            self.submit(false)?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Pool {
    fn start(level: u32, threads: usize) -> Self {
        let (jobs, queue) = sync_channel::<Block>(threads);
        let queue = Arc::new(Mutex::new(queue));
        let workers = (0..threads)
            .map(|_| {
                let queue = Arc::clone(&queue);
                std::thread::spawn(move || {
                    let mut compressor = Compressor::new(level);
                    loop {
                        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        match next {
                            Ok(block) => compressor.run(block),
                            Err(_) => return,
                        }
                    }
                })
            })
            .collect();
        Self { jobs, workers }
    }
}

struct Compressor {
    compress: Compress,
    fresh: bool,
}

impl Compressor {
    fn new(level: u32) -> Self {
        Self {
            compress: Compress::new(flate2::Compression::new(level), false),
            fresh: true,
        }
    }

    fn run(&mut self, block: Block) {
        let result = self.compress(&block);
        // Nobody listens when the writer failed and was dropped.
        let _ = block.done.send(result);
    }

    fn compress(&mut self, block: &Block) -> io::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(block.data.len() / 2 + 1024);
        let mut start = 0;
        loop {
            let rest = &block.data[start..];
            let noisy = rest.len() >= PIECE / 4 && is_noise(piece(rest));
            // The run of pieces that are alike.
            let mut end = start;
            while end < block.data.len() {
                let next = piece(&block.data[end..]);
                if end > start && (next.len() >= PIECE / 4 && is_noise(next)) != noisy {
                    break;
                }
                end += next.len();
            }
            let last = block.last && end == block.data.len();
            if noisy {
                store(&block.data[start..end], last, &mut out);
            } else {
                let dictionary = match start {
                    0 => block.dictionary.as_slice(),
                    _ => &block.data[start.saturating_sub(WINDOW)..start],
                };
                self.deflate(&block.data[start..end], dictionary, last, &mut out)?;
            }
            start = end;
            if start == block.data.len() {
                return Ok(out);
            }
        }
    }

    fn deflate(
        &mut self,
        data: &[u8],
        dictionary: &[u8],
        last: bool,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        if !self.fresh {
            self.compress.reset();
        }
        self.fresh = false;
        if !dictionary.is_empty() {
            self.compress
                .set_dictionary(dictionary)
                .map_err(io::Error::other)?;
        }
        let flush = if last {
            FlushCompress::Finish
        } else {
            FlushCompress::Sync
        };
        let before = self.compress.total_in();
        loop {
            let used = (self.compress.total_in() - before) as usize;
            let status = self
                .compress
                .compress_vec(&data[used..], out, flush)
                .map_err(io::Error::other)?;
            let consumed = (self.compress.total_in() - before) as usize == data.len();
            // With room left in the output nothing is held back.
            let complete = if last {
                status == Status::StreamEnd
            } else {
                consumed && out.len() < out.capacity()
            };
            if complete {
                return Ok(());
            }
            out.reserve(out.capacity().max(64 * 1024));
        }
    }
}

fn piece(data: &[u8]) -> &[u8] {
    &data[..data.len().min(PIECE)]
}

/// Stored blocks: `0` or `1` for the last one, the length, its complement, the bytes.
fn store(data: &[u8], last: bool, out: &mut Vec<u8>) {
    let mut pieces = data.chunks(PIECE).peekable();
    while let Some(piece) = pieces.next() {
        let length = u16::try_from(piece.len()).unwrap_or(u16::MAX);
        out.push(u8::from(last && pieces.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(piece);
    }
}

/// Are all bytes about as frequent as each other?
fn is_noise(data: &[u8]) -> bool {
    let mut counts = [[0_u32; 256]; 4];
    // Four tables, so that the same byte twice in a row needn't wait for itself.
    for (at, byte) in data.iter().enumerate() {
        counts[at & 3][usize::from(*byte)] += 1;
    }
    let length = data.len() as f64;
    let bits: f64 = (0..256)
        .map(|byte| counts.iter().map(|table| table[byte]).sum::<u32>())
        .filter(|count| *count > 0)
        .map(|count| f64::from(count) * (length / f64::from(count)).log2())
        .sum();
    bits / length >= NOISE
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Bytes without a pattern: a linear congruential generator's upper bits.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect()
    }

    fn packed(data: &[u8], threads: usize) -> Vec<u8> {
        let mut writer = ParallelGzip::new(Vec::new(), "x.tgz", 5, threads).unwrap();
        writer.write_all(data).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn noise_and_text_in_turns_come_back() {
        let text = b"all work and no play makes a dull package ".repeat(5000);
        for parts in [
            vec![noise(10), text.clone()],
            vec![text.clone(), noise(700_000), text.clone()],
            vec![noise(512 * 1024)],
            vec![noise(300_000), text.clone(), noise(1_000_000)],
            vec![],
        ] {
            let data = parts.concat();
            let bytes = packed(&data, 2);
            let mut read = Vec::new();
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_end(&mut read)
                .unwrap();
            assert_eq!(read, data);
            assert_eq!(bytes, packed(&data, 1));
        }
    }

    #[test]
    fn noise_is_stored_and_text_is_not() {
        let stored = packed(&noise(1_000_000), 1).len();
        assert!((1_000_000..1_000_300).contains(&stored), "{stored}");
        let text = b"all work and no play makes a dull package ".repeat(25_000);
        assert!(packed(&text, 1).len() < text.len() / 50);
    }
}
