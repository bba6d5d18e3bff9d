//! The demo in Rust: a token made and accepted, a wrong secret refused, an expired token renewed.

use std::{env, error::Error};

use kling_auth::{Credentials, KlingAuth, generate_kling_token, unix_now};

/// Sends a request with a bearer token, and says what came back.
fn ask(token: &str) -> Result<String, Box<dyn Error>> {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let url = format!("{}/v1/videos/text2video", env::var("GATE")?);
    let mut response = agent.get(url).header("Authorization", format!("Bearer {token}")).call()?;
    let body = response.body_mut().read_to_string()?;
    let answer: serde_json::Value = serde_json::from_str(&body)?;
    let (status, message) = (response.status().as_u16(), answer["message"].as_str());
    Ok(format!("{status} code {}, {}", answer["code"], message.unwrap_or_default()))
}

fn main() -> Result<(), Box<dyn Error>> {
    let (access_key, secret_key) = (env::var("KLING_ACCESS_KEY")?, env::var("KLING_SECRET_KEY")?);

    let credentials = Credentials::key_pair(&access_key, &secret_key)?;
    let token = generate_kling_token(&credentials, env::var("NOW")?.parse()?);
    println!("  token     {}", token.as_str());
    println!("  accepted  {}", ask(token.as_str())?);

    let wrong = KlingAuth::new(&access_key, "0000WrongSecretKeyOfThisDemo0000")?;
    println!("  refused   {}  (a wrong secret key)", ask(wrong.token().as_str())?);

    let auth = KlingAuth::new(&access_key, &secret_key)?;
    let an_hour_ago = auth.token_at(unix_now() - 3600);
    println!("  expired   {}  (its token of an hour ago)", ask(an_hour_ago.as_str())?);
    println!("  renewed   {}  (the same object, now)", ask(auth.token().as_str())?);
    Ok(())
}
