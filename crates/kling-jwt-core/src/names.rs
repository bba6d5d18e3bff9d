//! The names that credentials go by, in an environment and in a `.env` file.

use core::fmt;

use crate::{Raw, pieces::write_all};

/// Key pairs: the guide's names, Vercel's, the official skill's.
const KEY_PAIRS: [(&str, &str); 3] = [
    ("KLING_ACCESS_KEY", "KLING_SECRET_KEY"),
    ("KLINGAI_ACCESS_KEY", "KLINGAI_SECRET_KEY"),
    ("KLING_ACCESS_KEY_ID", "KLING_SECRET_ACCESS_KEY"),
];

/// Names of an API key, which public code gives to three other things too.
const API_KEYS: [&str; 2] = ["KLING_API_KEY", "KLINGAI_API_KEY"];

/// What the name of a variable ends in that holds the path of a file with the value.
pub const FILE_SUFFIX: &str = "_FILE";

/// The variable that overrides the base URL, as Kling's own tools call it.
pub const BASE_URL: &str = "KLING_API_BASE";

/// Every name of a key.
///
/// ```
/// use kling_jwt_core::names;
///
/// assert_eq!(names::all().next(), Some("KLING_ACCESS_KEY"));
/// ```
pub fn all() -> impl Iterator<Item = &'static str> {
    const ALL: [&str; 8] = {
        let [(access_1, secret_1), (access_2, secret_2), (access_3, secret_3)] = KEY_PAIRS;
        let [api_key_1, api_key_2] = API_KEYS;
        [access_1, secret_1, access_2, secret_2, access_3, secret_3, api_key_1, api_key_2]
    };
    ALL.into_iter()
}

/// Every whole credential, for people: `KLING_ACCESS_KEY + KLING_SECRET_KEY, …`.
#[derive(Clone, Copy, Debug)]
pub struct Listed;

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (access, secret) in KEY_PAIRS {
            write_all(f, &[access, " + ", secret, ", "])?;
        }
        let [first, second] = API_KEYS;
        write_all(f, &[first, ", ", second])
    }
}

/// All credentials that stand under the known names, the first of them to be used: `get` looks up
/// a value, `partial` makes an error of the half that is there and the name of the other.
///
/// # Errors
///
/// Those of `get` and `partial`. A whole credential under other names does not heal half of one.
pub fn find<V, E>(
    mut get: impl FnMut(&'static str) -> Result<Option<V>, E>,
    partial: impl Fn(&V, &'static str) -> E,
) -> Result<impl Iterator<Item = Raw<V>>, E> {
    let mut found = [const { None }; KEY_PAIRS.len() + API_KEYS.len()];
    let mut places = found.iter_mut();
    for (names, place) in KEY_PAIRS.into_iter().zip(places.by_ref()) {
        *place = Raw::key_pair(get(names.0)?, get(names.1)?, names, &partial)?;
    }
    for (name, place) in API_KEYS.into_iter().zip(places) {
        *place = get(name)?.map(Raw::ApiKey);
    }
    Ok(found.into_iter().flatten())
}
