//! The README's promises about the Rust crates, checked in a project that only has their packages.

use std::time::Duration;

use kling_auth::{Credentials, KlingAuth, check, unix_now};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let auth = KlingAuth::discover()?;
    assert!(auth.authorization().starts_with("Bearer eyJ"));
    assert!(check(&auth, Duration::from_secs(10)).is_valid);

    let credentials = Credentials::key_pair("access-key", "secret-key")?;
    let mut provider = kling_jwt_core::TokenProvider::new(&credentials);
    assert!(provider.token(unix_now()).as_str().starts_with("eyJ"));
    Ok(())
}
