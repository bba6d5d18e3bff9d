//! Many requests at once, when the token is due for renewal and the clock is wrong.

use std::{collections::HashSet, sync::Arc};

use http::Method;
use kling_auth::{Credentials, KlingAuth, unix_now};
use kling_gate::{Config, DEMO_ACCESS_KEY, DEMO_SECRET_KEY, Gate};
use serde_json::json;
use tokio::{runtime::Runtime, sync::Barrier, task::JoinSet};

use crate::{
    adapters::{Adapter, Call, Client, Ending, Payload},
    scenarios::seen,
};

const REQUESTS: usize = 64;
/// In the worst case each request is refused and sent again.
const MOST_SENT: usize = 2 * REQUESTS;
/// One token before the correction, one after it, and one more if a second begins in between.
const MOST_BEARERS: usize = 3;

#[test]
fn reqwest_in_a_storm() {
    storm(Client::reqwest, 3000);
    storm(Client::reqwest, -3000);
}

#[test]
fn tower_in_a_storm() {
    storm(Client::tower, 3000);
    storm(Client::tower, -3000);
}

fn storm(adapter: Adapter, skew: i64) {
    let gate = Gate::start(Config { skew, ..Config::default() }).unwrap();
    let builder = KlingAuth::builder().base_url(gate.url());
    let credentials = Credentials::key_pair(DEMO_ACCESS_KEY, DEMO_SECRET_KEY);
    let auth = Arc::new(builder.credentials(credentials.unwrap()).build().unwrap());
    auth.token_at(unix_now() - 1501);

    let client = adapter(&auth);
    let url = format!("{}/v1/videos/text2video", gate.url());
    Runtime::new().unwrap().block_on(async {
        let together = Arc::new(Barrier::new(REQUESTS));
        let mut requests = JoinSet::new();
        for _ in 0..REQUESTS {
            let (client, url, together) = (client.clone(), url.clone(), Arc::clone(&together));
            requests.spawn(async move {
                together.wait().await;
                let (method, payload) = (Method::GET, Payload::default());
                client.send(Call { method, url, payload, authorization: None }).await
            });
        }
        for ending in requests.join_all().await {
            assert!(matches!(ending, Ending::Response { status: 200, .. }), "{skew}: {ending:?}");
        }
    });

    let seen = seen(&gate);
    let seen = seen.as_array().unwrap();
    let bearers: HashSet<_> = seen.iter().map(|request| request[2].as_u64().unwrap()).collect();
    assert!(seen.iter().any(|request| request[0] == json!(401)), "{skew}: nothing was refused");
    assert!(seen.len() <= MOST_SENT, "{skew}: {} requests", seen.len());
    assert!(bearers.len() <= MOST_BEARERS, "{skew}: {} bearers", bearers.len());
    assert!(auth.clock_offset().abs_diff(skew) <= 10, "{skew}: {}", auth.clock_offset());
}
