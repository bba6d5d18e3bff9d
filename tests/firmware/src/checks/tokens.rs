//! Kling's tokens, byte for byte: from the signer, from its buffer, and from the provider.

use kling_jwt_core::{Credentials, KeyPair, Signer, Token, TokenProvider, Validity};

use super::{Fault, expect};
use crate::{
    machine::{Call, Environment},
    vectors::Kling,
};

pub(super) fn check(machine: &mut impl Environment, _: &str, case: &Kling) -> Result<(), Fault> {
    let validity = Validity::new(case.lifetime).map_err(|_| "the lifetime is refused")?;
    let pair = machine.call(Call::Keys, || KeyPair::new(case.access_key, case.secret_key));
    let pair = pair.map_err(|_| "the keys are refused")?;
    let signer = machine.call(Call::Keys, || Signer::new(&pair, validity));
    let mut buffer = [0; Token::MAX_LEN];
    let bytes = machine.call(Call::Sign, || signer.sign_into(case.now, &mut buffer));
    expect(bytes == case.token.as_bytes(), "another token in the buffer")?;
    expect(signer.sign(case.now).as_str() == case.token, "another token")?;

    let credentials =
        machine.call(Call::Keys, || Credentials::key_pair(case.access_key, case.secret_key));
    let credentials = credentials.map_err(|_| "the keys are refused")?;
    let mut provider =
        machine.call(Call::Keys, || TokenProvider::with_policy(&credentials, validity, 300));
    let token = machine.call(Call::Token, || provider.token(case.now));
    expect(token.as_str() == case.token, "another token of the provider")
}
