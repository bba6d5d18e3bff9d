//! An image to measure what a device needs: the token provider, and verdicts on refusals.

#![no_std]
#![no_main]

mod bare;

use core::hint::black_box;

use kling_jwt_core::{Credentials, Response, TokenProvider};

#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "the linker has to find where the image begins")]
extern "C" fn _start(now: u64) -> ! {
    let (access_key, secret_key) = black_box(("access-key", "secret-key"));
    if let Ok(credentials) = Credentials::key_pair(access_key, secret_key) {
        let mut provider = TokenProvider::new(&credentials);
        black_box(provider.token(now).as_str());
        let verdict = provider.handle_response(&black_box(Response::default()), black_box(now));
        // Uses the texts for people, which the linker would otherwise leave out.
        let remedy = verdict.remedy().parts();
        black_box((verdict.cause.as_str(), verdict.action, remedy, verdict.message()));
    }
    bare::rest()
}
