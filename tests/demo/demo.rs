//! The demo in Rust: a token accepted, a wrong secret refused and why, an expired token renewed, a
//! slow clock corrected.

use std::{env, error::Error};

use kling_auth::{Credentials, KlingAuth, Response, generate_kling_token, unix_now};

/// A response.
struct CheckResponse {
    status: u16,
    date: Option<String>,
    body: String,
}

impl CheckResponse {
    /// The answer to a request with a bearer token.
    fn to(token: &str) -> Result<Self, Box<dyn Error>> {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .new_agent();
        let url = format!("{}/v1/videos/text2video", env::var("GATE")?);
        let mut response =
            agent.get(url).header("Authorization", format!("Bearer {token}")).call()?;
        let date = response.headers().get("date").and_then(|date| date.to_str().ok());
        Ok(Self {
            status: response.status().as_u16(),
            date: date.map(str::to_owned),
            body: response.body_mut().read_to_string()?,
        })
    }

    fn as_response<'a>(&'a self, token: &'a str) -> Response<'a> {
        let (date, body) = (self.date.as_deref(), self.body.as_bytes());
        Response::new(self.status, body).with_date(date).with_token(Some(token))
    }

    fn shown(&self) -> Result<String, Box<dyn Error>> {
        let answer: serde_json::Value = serde_json::from_str(&self.body)?;
        let message = answer["message"].as_str().unwrap_or_default();
        Ok(format!("{} code {}, {message}", self.status, answer["code"]))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (access_key, secret_key) = (env::var("KLING_ACCESS_KEY")?, env::var("KLING_SECRET_KEY")?);

    let credentials = Credentials::key_pair(&access_key, &secret_key)?;
    let token = generate_kling_token(&credentials, env::var("NOW")?.parse()?);
    println!("  token     {}", token.as_str());
    println!("  accepted  {}", CheckResponse::to(token.as_str())?.shown()?);

    let wrong = KlingAuth::new(&access_key, "0000WrongSecretKeyOfThisDemo0000")?;
    let token = wrong.token();
    let refusal = CheckResponse::to(token.as_str())?;
    println!("  refused   {}  (a wrong secret key)", refusal.shown()?);
    println!(
        "  because   {}",
        wrong.handle_response(&refusal.as_response(token.as_str())).remedy()
    );

    let auth = KlingAuth::new(&access_key, &secret_key)?;
    let an_hour_ago = unix_now() - 3600;
    let token = auth.token_at(an_hour_ago);
    println!(
        "  expired   {}  (its token of an hour ago)",
        CheckResponse::to(token.as_str())?.shown()?
    );
    println!(
        "  renewed   {}  (the same object, now)",
        CheckResponse::to(auth.token().as_str())?.shown()?
    );

    let auth = KlingAuth::new(&access_key, &secret_key)?;
    let token = auth.token_at(an_hour_ago);
    let refusal = CheckResponse::to(token.as_str())?;
    auth.handle_response_at(&refusal.as_response(token.as_str()), an_hour_ago);
    let token = auth.token_at(an_hour_ago);
    let answer = CheckResponse::to(token.as_str())?;
    println!("  corrected {}  (a clock an hour slow: one refusal set it right)", answer.shown()?);
    Ok(())
}
