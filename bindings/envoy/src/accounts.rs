//! The accounts of a configuration: one, or several that a request's header chooses from.

use alloc::{boxed::Box, vec, vec::Vec};

use crate::account::Account;

pub(crate) struct Accounts {
    /// The header that names an account; `None` if there is only one.
    pub(crate) header: Option<Box<str>>,
    all: Vec<Account>,
    /// The name and the index of each, sorted by name.
    names: Vec<(Box<str>, usize)>,
}

impl Accounts {
    pub(crate) fn single(account: Account) -> Self {
        Self { header: None, all: vec![account], names: Vec::new() }
    }

    /// None yet, with room for this many.
    pub(crate) fn named(header: &str, count: usize) -> Self {
        let (all, names) = (Vec::with_capacity(count), Vec::with_capacity(count));
        Self { header: Some(header.into()), all, names }
    }

    /// Adds an account; returns false if there is one with this name. In most configurations they
    /// are sorted, so that nothing has to be moved.
    pub(crate) fn insert(&mut self, name: &str, account: Account) -> bool {
        let Err(place) = self.place(name) else { return false };
        self.names.insert(place, (name.into(), self.all.len()));
        self.all.push(account);
        true
    }

    /// The index of the account with this name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(self.place(name).ok()?).map(|(_, index)| *index)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.names.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    /// The account at an index from [`find`](Self::find), or at 0 if there is only one.
    pub(crate) fn get(&self, index: usize) -> &Account {
        self.all.get(index).expect("it was found")
    }

    /// The name of the account at an index; empty if there is only one.
    pub(crate) fn name(&self, index: usize) -> &str {
        let name = self.names.iter().find(|(_, of)| *of == index);
        name.map_or("", |(name, _)| name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
