//! Many accounts in one process: a map from an id to a `KlingAuth`, and nothing else.
//!
//! A `KlingAuth` has no thread, no timer and no connection of its own, and a token is a fraction of a
//! microsecond of arithmetic. So there is nothing to pool, to evict or to schedule: each account's
//! token is minted when somebody asks for it, and kept until 300 seconds before its end.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    thread,
};

use kling_auth::{Credentials, Error, KlingAuth};

/// The accounts that this process signs for. Share it by reference, or in an `Arc`.
#[derive(Debug, Default)]
pub struct Accounts {
    // Only a change of the set of accounts writes. Renewing and rotating need no more than `&KlingAuth`.
    by_id: RwLock<HashMap<Box<str>, KlingAuth>>,
}

impl Accounts {
    /// No accounts yet, with room for so many.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { by_id: RwLock::new(HashMap::with_capacity(capacity)) }
    }

    /// Takes an account in, or puts other keys in the place of those it had: a request that is on
    /// its way keeps the token that it was given.
    ///
    /// # Errors
    ///
    /// What is wrong with the keys.
    pub fn insert(&self, id: &str, access_key: &str, secret_key: &str) -> Result<(), Error> {
        let credentials = Credentials::key_pair(access_key, secret_key)?;
        if let Some(held) = self.read().get(id) {
            held.rotate(&credentials); // keeps what was learnt of the clock
            return Ok(());
        }
        let auth = KlingAuth::new(access_key, secret_key)?;
        self.by_id.write().unwrap_or_else(PoisonError::into_inner).insert(id.into(), auth);
        Ok(())
    }

    /// Forgets an account, and wipes its keys.
    pub fn remove(&self, id: &str) -> bool {
        self.by_id.write().unwrap_or_else(PoisonError::into_inner).remove(id).is_some()
    }

    /// The value of the `Authorization` header for an account's next request.
    pub fn authorization(&self, id: &str) -> Option<String> {
        self.with(id, KlingAuth::authorization)
    }

    /// Lends an account's `KlingAuth`: to `observe` a refusal, or to hand it to a client.
    pub fn with<R>(&self, id: &str, read: impl FnOnce(&KlingAuth) -> R) -> Option<R> {
        self.read().get(id).map(read)
    }

    /// Mints what is due at `now` (Unix seconds) for all accounts, on so many threads. Nothing
    /// depends on it: it only moves the work out of the requests that would come first.
    pub fn renew(&self, now: u64, threads: usize) {
        let held = self.read();
        let all: Vec<_> = held.values().collect();
        let renew =
            |part: &[&KlingAuth]| part.iter().for_each(|auth| auth.with_token_at(now, |_| ()));
        let mut parts = all.chunks(all.len().div_ceil(threads.max(1)).max(1));
        let own = parts.next().unwrap_or_default();
        thread::scope(|scope| {
            for part in parts {
                scope.spawn(move || renew(part));
            }
            renew(own);
        });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, HashMap<Box<str>, KlingAuth>> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner)
    }
}
