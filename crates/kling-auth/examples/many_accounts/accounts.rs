//! Many accounts in one process: a map from an id to a `TokenProvider`, and nothing else.
//!
//! A `TokenProvider` has no thread, no timer and no connection, and computing a token takes less
//! than a microsecond. So there is nothing to pool, evict or schedule: an account stores only when
//! its current token was minted, and computes the token on each call.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use kling_auth::{CoreError, Credentials, Response, TokenProvider, Verdict};

/// The accounts are spread over this many maps, because locking a single one, even for reading,
/// makes all threads write to the same memory.
const SHARDS: usize = 64;

/// The accounts that this process signs for. Share it by reference, or in an `Arc`.
#[derive(Debug)]
pub struct Accounts {
    // Only adding or removing an account takes the write lock. An account's own lock is held only
    // while its token is computed.
    shards: [RwLock<ById>; SHARDS],
    hasher: RandomState,
}

type ById = HashMap<Box<str>, Mutex<TokenProvider>>;

impl Accounts {
    /// An empty set with room for `capacity` accounts.
    pub fn with_capacity(capacity: usize) -> Self {
        let shard = |_| RwLock::new(HashMap::with_capacity(capacity.div_ceil(SHARDS)));
        Self { shards: std::array::from_fn(shard), hasher: RandomState::new() }
    }

    /// Adds an account, or replaces the keys of an existing one. Requests in flight keep their
    /// token.
    ///
    /// # Errors
    ///
    /// What is wrong with the keys.
    pub fn insert(&self, id: &str, access_key: &str, secret_key: &str) -> Result<(), CoreError> {
        let credentials = Credentials::key_pair(access_key, secret_key)?;
        // `rotate` keeps the account's clock offset.
        if self.with(id, |account| account.rotate(&credentials)).is_none() {
            let provider = Mutex::new(TokenProvider::new(&credentials));
            self.shard(id)
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(id.into(), provider);
        }
        Ok(())
    }

    /// Removes an account and wipes its keys. Returns whether it existed.
    pub fn remove(&self, id: &str) -> bool {
        self.shard(id).write().unwrap_or_else(PoisonError::into_inner).remove(id).is_some()
    }

    /// The value of the `Authorization` header for an account's request at `now` (Unix seconds);
    /// `None` if there is no such account.
    pub fn authorization(&self, id: &str, now: u64) -> Option<String> {
        self.with(id, |account| format!("Bearer {}", account.token(now).as_str()))
    }

    /// Handles the response to an account's request, received at `now` (Unix seconds). The verdict
    /// says what to do next.
    pub fn handle_response(&self, id: &str, response: &Response<'_>, now: u64) -> Option<Verdict> {
        self.with(id, |account| account.handle_response(response, now))
    }

    fn with<R>(&self, id: &str, operation: impl FnOnce(&mut TokenProvider) -> R) -> Option<R> {
        self.read(id).get(id).map(|account| with_lock(account, operation))
    }

    /// The number of accounts.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| read(shard).len()).sum()
    }

    fn read(&self, id: &str) -> RwLockReadGuard<'_, ById> {
        read(self.shard(id))
    }

    fn shard(&self, id: &str) -> &RwLock<ById> {
        let index = self.hasher.hash_one(id) % SHARDS as u64;
        &self.shards[usize::try_from(index).unwrap_or_default()]
    }
}

fn read(shard: &RwLock<ById>) -> RwLockReadGuard<'_, ById> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

/// A poisoned lock is ignored: a `TokenProvider` stays consistent even if a thread panics.
fn with_lock<R>(
    account: &Mutex<TokenProvider>,
    operation: impl FnOnce(&mut TokenProvider) -> R,
) -> R {
    operation(&mut account.lock().unwrap_or_else(PoisonError::into_inner))
}
