//! Many accounts in one process: a map from an id to a `TokenProvider`, and nothing else.
//!
//! A `TokenProvider` has no thread, no timer and no connection of its own, and a token is a fraction
//! of a microsecond of arithmetic. So there is nothing to pool, to evict or to schedule: an account
//! keeps the second of its current token, and computes the token when somebody asks for it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError, RwLock, RwLockReadGuard},
};

use kling_auth::{CoreError, Credentials, Response, TokenProvider, Verdict};

/// So many maps stand for one: even a lock that is only read is one place that all threads write.
const SHARDS: usize = 64;

/// The accounts that this process signs for. Share it by reference, or in an `Arc`.
#[derive(Debug)]
pub struct Accounts {
    // Only a change of the set of accounts writes. An account's own lock is held while its token is
    // computed, so that nobody who waits for it waits for longer than that.
    shards: [RwLock<ById>; SHARDS],
    hasher: RandomState,
}

type ById = HashMap<Box<str>, Mutex<TokenProvider>>;

impl Accounts {
    /// No accounts yet, with room for so many.
    pub fn with_capacity(capacity: usize) -> Self {
        let shard = |_| RwLock::new(HashMap::with_capacity(capacity.div_ceil(SHARDS)));
        Self { shards: std::array::from_fn(shard), hasher: RandomState::new() }
    }

    /// Takes an account in, or puts other keys in the place of those it had: a request that is on
    /// its way keeps the token that it was given.
    ///
    /// # Errors
    ///
    /// What is wrong with the keys.
    pub fn insert(&self, id: &str, access_key: &str, secret_key: &str) -> Result<(), CoreError> {
        let credentials = Credentials::key_pair(access_key, secret_key)?;
        // What was learnt of the clock is kept.
        if self.with(id, |held| held.rotate(&credentials)).is_none() {
            let provider = Mutex::new(TokenProvider::new(&credentials));
            self.shard(id)
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(id.into(), provider);
        }
        Ok(())
    }

    /// Forgets an account, and wipes its keys.
    pub fn remove(&self, id: &str) -> bool {
        self.shard(id).write().unwrap_or_else(PoisonError::into_inner).remove(id).is_some()
    }

    /// The value of the `Authorization` header for an account's request at `now` (Unix seconds).
    pub fn authorization(&self, id: &str, now: u64) -> Option<String> {
        self.with(id, |account| format!("Bearer {}", account.token(now).as_str()))
    }

    /// Takes in the response to an account's request, and says what to do.
    pub fn handle_response(&self, id: &str, response: &Response<'_>, now: u64) -> Option<Verdict> {
        self.with(id, |account| account.handle_response(response, now))
    }

    fn with<R>(&self, id: &str, act: impl FnOnce(&mut TokenProvider) -> R) -> Option<R> {
        self.read(id).get(id).map(|account| locked(account, act))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| read(shard).len()).sum()
    }

    fn read(&self, id: &str) -> RwLockReadGuard<'_, ById> {
        read(self.shard(id))
    }

    fn shard(&self, id: &str) -> &RwLock<ById> {
        let place = self.hasher.hash_one(id) % SHARDS as u64;
        &self.shards[usize::try_from(place).unwrap_or_default()]
    }
}

fn read(shard: &RwLock<ById>) -> RwLockReadGuard<'_, ById> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

/// A provider is whole at every moment, also where a thread that held it panicked.
fn locked<R>(account: &Mutex<TokenProvider>, act: impl FnOnce(&mut TokenProvider) -> R) -> R {
    act(&mut account.lock().unwrap_or_else(PoisonError::into_inner))
}
