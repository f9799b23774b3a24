//! HTTP. This page is the table of contents.

mod admin;
mod answer;
mod binaries;
mod bundle;
mod caller;
mod failure;
mod files;
mod front;
mod operations;
mod pages;
mod promotion;
mod recipes;
mod search;
mod users;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::answers::PublicAnswer;
use crate::connection::Connection;
use crate::error::Error;
use crate::server::Server;

/// The largest body that isn't a file.
const MAX_MESSAGE: usize = crom_protocol::bundle::MAX_SIZE;

pub use front::Front;

/// Everything that a server answers.
pub fn service(server: Arc<Server>) -> Front {
    Front::new(Arc::clone(&server), router(server))
}

/// All routes of a server.
fn router(server: Arc<Server>) -> Router {
    let recipe = "/{repository}/v2/conans/{name}/{version}/{user}/{channel}";
    let revision = format!("{recipe}/revisions/{{rrev}}");
    let package = format!("{revision}/packages/{{package_id}}");
    let package_revision = format!("{package}/revisions/{{prev}}");
    let conan = Router::new()
        .route("/{repository}/v1/ping", get(operations::ping))
        .route(
            "/{repository}/v2/users/authenticate",
            get(users::authenticate),
        )
        .route(
            "/{repository}/v2/users/check_credentials",
            get(users::check_credentials),
        )
        .route("/{repository}/v2/conans/search", get(search::recipes))
        .route(recipe, axum::routing::delete(recipes::remove))
        .route(&format!("{recipe}/latest"), get(recipes::latest))
        .route(&format!("{recipe}/revisions"), get(recipes::revisions))
        .route(&format!("{recipe}/search"), get(search::packages_of_latest))
        .route(&revision, axum::routing::delete(recipes::remove_revision))
        .route(&format!("{revision}/search"), get(search::packages))
        .route(&format!("{revision}/files"), get(recipes::files))
        .route(
            &format!("{revision}/files/{{*file}}"),
            get(files::get_recipe_file).put(files::put_recipe_file),
        )
        .route(
            &format!("{revision}/packages"),
            axum::routing::delete(binaries::remove_all),
        )
        .route(&package, axum::routing::delete(binaries::remove))
        .route(&format!("{package}/latest"), get(binaries::latest))
        .route(&format!("{package}/revisions"), get(binaries::revisions))
        .route(
            &package_revision,
            axum::routing::delete(binaries::remove_revision),
        )
        .route(&format!("{package_revision}/files"), get(binaries::files))
        .route(
            &format!("{package_revision}/files/{{*file}}"),
            get(files::get_package_file).put(files::put_package_file),
        )
        .layer(DefaultBodyLimit::disable());
    let ours = Router::new()
        .route("/health", get(operations::health))
        .route("/metrics", get(operations::metrics))
        .route("/-/openapi.json", get(operations::openapi))
        .route("/-/api/{noun}/{verb}", post(admin::run))
        .route("/{repository}/-/promote", post(promotion::promote))
        .route("/{repository}/-/upload", post(bundle::upload))
        .layer(DefaultBodyLimit::max(MAX_MESSAGE));
    let pages = Router::new()
        .route("/", get(pages::index))
        .route("/-/style.css", get(pages::style))
        .route("/-/script.js", get(pages::script))
        .route("/-/search", get(pages::search))
        .route("/{repository}", get(pages::repository))
        .route("/{repository}/", get(pages::repository))
        .route("/{repository}/-/package/{name}", get(pages::package))
        .route(
            "/{repository}/-/recipe/{name}/{version}/{user}/{channel}",
            get(pages::recipe),
        )
        .route(
            "/{repository}/-/recipe/{name}/{version}/{user}/{channel}/{rrev}",
            get(pages::recipe_revision),
        )
        .route(
            "/{repository}/-/binary/{name}/{version}/{user}/{channel}/{rrev}/{package_id}",
            get(pages::binary),
        );
    Router::new()
        .merge(conan)
        .merge(ours)
        .merge(pages)
        .fallback(failure::unknown_path)
        .method_not_allowed_fallback(failure::unknown_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&server), observe))
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .with_state(server)
}

/// Counts and logs a request.
async fn observe(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| Arc::from("unknown"), |route| Arc::from(route.as_str()));
    let address = caller::address_of(&server, &request);
    let public = front::path_of_public(&method, &uri, request.headers()).is_some();
    let busy = request
        .extensions()
        .get::<ConnectInfo<Connection>>()
        .map(|ConnectInfo(connection)| connection.busy());
    let mut response = limited(&server, request, next).await;
    drop(busy);
    let (path, status) = (uri.path(), response.status().as_u16());
    let taken = started.elapsed();
    server
        .metrics
        .request(method.as_str(), &route, status, taken);
    if let Some(answer::Public { body, mark }) = response.extensions_mut().remove()
        && public
    {
        let answer = PublicAnswer { body, route };
        server.answers.keep_public(mark, path, answer);
    }
    let milliseconds = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::error!(%method, path, status, milliseconds, address, "request");
    } else if !method.is_safe() {
        tracing::info!(%method, path, status, milliseconds, address, "request");
    } else {
        tracing::debug!(%method, path, status, milliseconds, address, "request");
    }
    response
}

/// Questions get an answer, if only that there is none: a database or bucket that hangs must not
/// collect requests. Uploads and commands of administration take their time.
async fn limited(server: &Server, request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let seconds = server.config.limits.idle_timeout;
    match tokio::time::timeout(Duration::from_secs(seconds), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Error::Stalled { seconds }.into_response(),
    }
}
