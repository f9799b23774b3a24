//! What stands before the routes: questions of anonymous clients that were answered before, which is
//! most of what a server is asked, are answered again without finding the route, the permission and
//! the words once more.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use futures_util::future::Either;
use tower_service::Service;

use super::answer::json;
use crate::server::Server;

/// All of a server's HTTP.
#[derive(Clone)]
pub struct Front {
    server: Arc<Server>,
    router: Router,
}

impl Front {
    pub(super) fn new(server: Arc<Server>, router: Router) -> Self {
        Self { server, router }
    }

    fn known(&self, request: &Request) -> Option<Response> {
        let started = Instant::now();
        let path = path_of_public(request.method(), request.uri(), request.headers())?;
        let answer = self.server.answers.public(path)?;
        self.server
            .metrics
            .request("GET", &answer.route, 200, started.elapsed());
        tracing::debug!(method = "GET", path, status = 200, "request");
        Some(json(answer.body))
    }
}

/// The path, for requests whose answer depends on nothing else.
pub(super) fn path_of_public<'a>(
    method: &Method,
    uri: &'a Uri,
    headers: &HeaderMap,
) -> Option<&'a str> {
    let plain =
        *method == Method::GET && uri.query().is_none() && !headers.contains_key(AUTHORIZATION);
    plain.then(|| uri.path())
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, <Router as Service<Request>>::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.known(&request) {
            Some(answer) => Either::Left(ready(Ok(answer))),
            None => Either::Right(self.router.call(request)),
        }
    }
}
