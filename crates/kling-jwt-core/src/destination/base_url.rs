//! The base URL of requests to Kling: as users write it, or named by a region.

use core::{fmt, str::FromStr};

use crate::{
    Error, Field, Origin,
    credential::{env_names::REGIONS, sanitize},
    destination::origin::has_scheme,
    encoding::{
        chars::{is_white_space, trimmed},
        write::write_all,
    },
};

/// A region of Kling's API. A key works only in the region in which it was created.
///
/// ```
/// use kling_jwt_core::Region;
///
/// let region: Region = "beijing".parse()?;
/// assert_eq!(region.base_url(), "https://api-beijing.klingai.com");
/// assert_eq!(region.console(), "https://klingai.com/dev/api-key");
/// # Ok::<_, kling_jwt_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// Outside China.
    Singapore,
    /// China.
    Beijing,
}

impl Region {
    /// The region of a base URL; `None` for any other host, and for `api.klingai.com`, which does
    /// not name a region.
    pub fn from_base_url(base_url: &str) -> Option<Self> {
        let origin = Origin::parse(base_url);
        let is_there = |region: &Self| origin == Origin::parse(region.base_url());
        [Self::Singapore, Self::Beijing]
            .into_iter()
            .find(|region| origin.is_some() && is_there(region))
    }

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Singapore => "singapore",
            Self::Beijing => "beijing",
        }
    }

    /// The base URL of its API (Kling's documentation).
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Singapore => "https://api-singapore.klingai.com",
            Self::Beijing => "https://api-beijing.klingai.com",
        }
    }

    /// The page of the console on which its keys are created.
    pub const fn console(self) -> &'static str {
        match self {
            Self::Singapore => "https://kling.ai/dev/api-key",
            Self::Beijing => "https://klingai.com/dev/api-key",
        }
    }
}

/// Parses `singapore` or `beijing`, in any case.
///
/// # Errors
///
/// [`Error::Region`] for any other name.
impl FromStr for Region {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let name = sanitize::bare(name, Field::ApiKey);
        [Self::Singapore, Self::Beijing]
            .into_iter()
            .find(|region| region.as_str().eq_ignore_ascii_case(name))
            .ok_or(Error::Region)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A base URL that was checked. Its `Display` is the URL.
///
/// White space and quotes around it are removed, and a slash and `/v1` at its end: the paths of
/// Kling's API begin with `/v1`.
///
/// ```
/// use kling_jwt_core::BaseUrl;
///
/// let base_url = BaseUrl::parse(" https://api.klingai.com/v1/\n")?;
/// assert_eq!(base_url.to_string(), "https://api.klingai.com");
/// assert!(BaseUrl::parse("http://api.klingai.com").is_err());
/// # Ok::<_, kling_jwt_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BaseUrl<'a> {
    scheme: &'static str,
    rest: &'a str,
}

impl<'a> BaseUrl<'a> {
    /// Parses a base URL: `https`, or `http` on loopback.
    ///
    /// # Errors
    ///
    /// [`Error::BaseUrl`] or [`Error::BaseUrlHost`] for any other.
    pub fn parse(url: &'a str) -> Result<Self, Error> {
        let rest = cleaned(url);
        Origin::parse_base_url(rest)?;
        Ok(Self { scheme: "", rest })
    }

    /// Parses the value of a [variable](crate::env_names::base_urls): a URL, a region, or a host
    /// alone if the name ends in `HOST`.
    ///
    /// # Errors
    ///
    /// The errors of [`parse`](Self::parse), and [`Error::Region`].
    ///
    /// ```
    /// use kling_jwt_core::BaseUrl;
    ///
    /// let base_url = BaseUrl::parse_variable("KLING_REGION", "singapore")?;
    /// assert_eq!(base_url.to_string(), "https://api-singapore.klingai.com");
    /// # Ok::<_, kling_jwt_core::Error>(())
    /// ```
    pub fn parse_variable(name: &str, value: &'a str) -> Result<Self, Error> {
        if REGIONS.contains(&name) {
            return value
                .parse()
                .map(|region: Region| Self { scheme: "", rest: region.base_url() });
        }
        let rest = cleaned(value);
        if !name.ends_with("HOST") || has_scheme(rest) {
            return Self::parse(value);
        }
        Origin::parse_host(rest)?;
        Ok(Self { scheme: "https://", rest })
    }
}

fn cleaned(url: &str) -> &str {
    let url = sanitize::bare(trimmed(url, is_white_space), Field::ApiKey);
    let url = url.trim_end_matches('/');
    url.strip_suffix("/v1").unwrap_or(url).trim_end_matches('/')
}

/// Same as [`BaseUrl::parse`].
impl<'a> TryFrom<&'a str> for BaseUrl<'a> {
    type Error = Error;

    fn try_from(url: &'a str) -> Result<Self, Error> {
        Self::parse(url)
    }
}

impl fmt::Display for BaseUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_all(f, &[self.scheme, self.rest])
    }
}
