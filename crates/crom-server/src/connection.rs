//! Connections that end when their client neither sends nor takes anything for too long.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep};

/// Accepts [`TimedStream`]s.
pub struct TimedListener {
    inner: TcpListener,
    idle: Duration,
}

/// A connection with a limit on idleness.
pub struct TimedStream {
    inner: TcpStream,
    idle: Duration,
    /// When the last byte moved, as far as [`timer`](Self::timer) is concerned.
    deadline: Instant,
    timer: Pin<Box<Sleep>>,
    busy: Arc<AtomicU32>,
}

/// What a request knows of its connection.
#[derive(Clone)]
pub struct Connection {
    /// Of the client.
    pub address: SocketAddr,
    busy: Arc<AtomicU32>,
}

/// While it lives, the connection may be idle: the server works on the answer.
pub struct Busy(Arc<AtomicU32>);

impl Connection {
    /// The server begins to work on an answer.
    pub fn busy(&self) -> Busy {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(Arc::clone(&self.busy))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, TimedListener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, TimedListener>) -> Self {
        Self {
            address: *stream.remote_addr(),
            busy: Arc::clone(&stream.io().busy),
        }
    }
}

impl TimedListener {
    /// Connections end after `idle` without a byte.
    pub fn new(inner: TcpListener, idle: Duration) -> Self {
        Self { inner, idle }
    }
}

impl Listener for TimedListener {
    type Io = TimedStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TimedStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.inner).await;
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
        let deadline = Instant::now() + self.idle;
        let stream = TimedStream {
            inner: stream,
            idle: self.idle,
            deadline,
            timer: Box::pin(tokio::time::sleep_until(deadline)),
            busy: Arc::new(AtomicU32::new(0)),
        };
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

impl TimedStream {
    fn moved(&mut self) {
        self.deadline = Instant::now() + self.idle;
    }

    /// The timer is set again only when it runs out, not with every byte.
    fn expired(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            ready!(self.timer.as_mut().poll(context));
            if self.busy.load(Ordering::Relaxed) > 0 {
                self.moved();
            }
            if Instant::now() >= self.deadline {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            let deadline = self.deadline;
            self.timer.as_mut().reset(deadline);
        }
    }
}

impl AsyncRead for TimedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_read(context, buffer) {
            Poll::Ready(outcome) => {
                self.moved();
                Poll::Ready(outcome)
            }
            Poll::Pending => self.expired(context).map(Err),
        }
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write(context, bytes) {
            Poll::Ready(outcome) => {
                self.moved();
                Poll::Ready(outcome)
            }
            Poll::Pending => self.expired(context).map(Err),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write_vectored(context, slices) {
            Poll::Ready(outcome) => {
                self.moved();
                Poll::Ready(outcome)
            }
            Poll::Pending => self.expired(context).map(Err),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
