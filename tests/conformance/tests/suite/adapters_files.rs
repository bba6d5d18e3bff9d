//! Asynchronous adapters read files on a thread of their own, never on the executor's.

use std::{convert::Infallible, path::Path, sync::Mutex, thread};

use bytes::Bytes;
use http::{Request, Response, header::AUTHORIZATION};
use http_body_util::Full;
use kling_auth::{
    KlingAuth,
    adapters::KlingLayer,
    sources::{Environment, Event, Explicit, resolve},
};
use tower::{ServiceBuilder, ServiceExt, service_fn};

use crate::sources::Root;

/// The codes of events, each with the name of the thread on which it was emitted.
static EMITTED: Mutex<Vec<(&str, Option<String>)>> = Mutex::new(Vec::new());

#[expect(clippy::needless_pass_by_value, reason = "a listener takes it so")]
fn listen(event: Event) {
    let thread = thread::current().name().map(str::to_owned);
    EMITTED.lock().unwrap().push((event.code(), thread));
}

/// The threads on which credentials were replaced since this was last called.
fn reloading_threads() -> Vec<Option<String>> {
    let emitted = std::mem::take(&mut *EMITTED.lock().unwrap());
    let replaced = emitted.into_iter().filter(|(code, _)| *code == "INFO_CREDENTIALS_REPLACED");
    replaced.map(|(_, thread)| thread).collect()
}

fn write(path: &Path, access_key: &str) {
    let text = format!("KLING_ACCESS_KEY={access_key}\nKLING_SECRET_KEY=canary-{access_key}\n");
    std::fs::write(path.join(".env"), text).unwrap();
}

/// A server that knows the access key `access-c` alone.
async fn serve(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
    let bearer = request.headers()[AUTHORIZATION].to_str().unwrap().trim_start_matches("Bearer ");
    let claims = kling_auth::inspect(bearer, None, 0, &mut [0; 1024]).unwrap().claims.to_owned();
    let is_known = claims.contains("access-c");
    let body: &[u8] =
        if is_known { b"{}" } else { br#"{"code":1002,"message":"access key not exist"}"# };
    let status = if is_known { 200 } else { 401 };
    Ok(Response::builder().status(status).body(Full::from(body)).unwrap())
}

#[tokio::test]
async fn files_are_read_on_a_thread_of_their_own() {
    let root = Root::new("adapters and files");
    let path = root.0.join("project");
    std::fs::create_dir_all(&path).unwrap();
    let variable = |name: &str| (name == "HOME").then(|| "/nowhere".to_owned());
    let auth = |access_key| {
        write(&path, access_key);
        let resolved = resolve(Explicit::default(), Environment::new(&variable, &path)).unwrap();
        KlingAuth::builder().resolved(resolved).listener(listen).build().unwrap()
    };
    let send = |auth: KlingAuth| {
        let url = format!("{}/v1/videos/text2video", auth.base_url());
        let client = ServiceBuilder::new().layer(KlingLayer::new(auth)).service(service_fn(serve));
        client.oneshot(Request::get(url).body(Full::default()).unwrap())
    };
    let own = [Some("kling-auth".to_owned())];

    // The files change before the first token: they are read before the request is sent.
    let unchecked = auth("access-a");
    write(&path, "access-c");
    let response = send(unchecked).await.unwrap();
    assert_eq!((response.status().as_u16(), reloading_threads()), (200, own.to_vec()));

    // The files change after they were checked: they are read after the refusal.
    let checked = auth("access-b");
    checked.token();
    write(&path, "access-c");
    let response = send(checked).await.unwrap();
    assert_eq!((response.status().as_u16(), reloading_threads()), (200, own.to_vec()));
}
