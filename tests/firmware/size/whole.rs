//! An image to measure the whole core except the texts of errors and warnings: the token provider with
//! either kind of credentials, verdicts, inspection of a token, verification of a callback.

#![no_std]
#![no_main]

mod bare;

use core::hint::black_box;

use kling_jwt_core::{
    Credentials, Error, Response, TokenProvider, inspect,
    webhook::{Delivery, Secret, verify},
};

#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "the linker has to find where the image begins")]
extern "C" fn _start(now: u64) -> ! {
    if let Err(error) = run(now) {
        black_box(error.code());
    }
    bare::rest()
}

fn run(now: u64) -> Result<(), Error> {
    let (access_key, secret_key, api_key) = black_box(("access-key", "secret-key", "api-key"));
    let mut provider = TokenProvider::new(&Credentials::key_pair(access_key, secret_key)?);
    black_box(provider.token(now).as_str());
    let verdict = provider.handle_response(&black_box(Response::default()), black_box(now));
    let remedy = verdict.remedy().parts();
    black_box((verdict.cause.as_str(), verdict.action, remedy, verdict.message()));
    provider.rotate(&Credentials::api_key(api_key)?);

    let secret = Secret::new(black_box("whsec_c2VjcmV0"))?;
    black_box(verify(&[secret], &black_box(Delivery::default()), black_box(now))?);

    let mut buffer = [0; 512];
    let token = black_box("header.payload.signature");
    let key = black_box(Some(&b"secret-key"[..]));
    black_box(inspect(token, key, black_box(now), &mut buffer)?.prediction());
    Ok(())
}
