//! Numbers for Prometheus.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// What of a request is counted apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

/// All numbers of this node.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    duration: Histogram,
    received: Counter,
    sent: Counter,
    uploaded: Counter,
    promoted: Counter,
    proxy_hits: Counter,
    proxy_misses: Counter,
    blobs: Gauge,
    blob_bytes: Gauge,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("crom");
        let requests = Family::default();
        let duration = Histogram::new(exponential_buckets(0.0005, 2.0, 16));
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register(
            "http_request_seconds",
            "Time until an answer begins",
            duration.clone(),
        );
        let counter = |registry: &mut Registry, name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let received = counter(&mut registry, "received_bytes", "Bytes of uploaded files");
        let sent = counter(&mut registry, "sent_bytes", "Bytes of files in answers");
        let uploaded = counter(
            &mut registry,
            "completed_revisions",
            "Revisions that uploads made visible",
        );
        let promoted = counter(&mut registry, "promoted_revisions", "Revisions promoted");
        let proxy_hits = counter(
            &mut registry,
            "proxy_hits",
            "Files of proxies that were here already",
        );
        let proxy_misses = counter(
            &mut registry,
            "proxy_misses",
            "Files of proxies that came from the other server",
        );
        let (blobs, blob_bytes) = (Gauge::default(), Gauge::default());
        registry.register("blobs", "Blobs in the store", blobs.clone());
        registry.register("blob_bytes", "Their bytes", blob_bytes.clone());
        Self {
            registry,
            requests,
            duration,
            received,
            sent,
            uploaded,
            promoted,
            proxy_hits,
            proxy_misses,
            blobs,
            blob_bytes,
        }
    }

    /// A request was answered. `route` has placeholders for what varies.
    pub fn request(&self, method: &str, route: &str, status: u16, duration: Duration) {
        self.requests
            .get_or_create(&RequestLabels {
                method: method.to_owned(),
                route: route.to_owned(),
                status,
            })
            .inc();
        self.duration.observe(duration.as_secs_f64());
    }

    /// A file arrived.
    pub fn received(&self, bytes: u64) {
        self.received.inc_by(bytes);
    }

    /// A file is sent.
    pub fn sent(&self, bytes: u64) {
        self.sent.inc_by(bytes);
    }

    /// An upload made a revision visible.
    pub fn completed(&self) {
        self.uploaded.inc();
    }

    /// Revisions were promoted.
    pub fn promoted(&self, count: u64) {
        self.promoted.inc_by(count);
    }

    /// A file of a proxy was here.
    pub fn proxy_hit(&self) {
        self.proxy_hits.inc();
    }

    /// A file of a proxy comes from the other server.
    pub fn proxy_miss(&self) {
        self.proxy_misses.inc();
    }

    /// The text for Prometheus.
    pub fn text(&self, blobs: i64, bytes: i64) -> String {
        self.blobs.set(blobs);
        self.blob_bytes.set(bytes);
        let mut text = String::new();
        // Writing to a string doesn't fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
