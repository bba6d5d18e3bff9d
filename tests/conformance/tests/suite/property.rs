//! Runs property tests: a number of cases, from a seed that is printed.
//!
//! `PROPTEST_CASES` sets how many cases, `PROPTEST_RNG_SEED` repeats a run.

use std::{
    env,
    hash::{BuildHasher, RandomState},
};

use kling_conformance::report;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, RngSeed, TestCaseResult, TestRunner},
};

/// How many cases a property runs, unless the environment sets it.
const CASES: u32 = 1000;

/// Tests a property of every case that a strategy makes, and prints how many there were.
pub(crate) fn check<S: Strategy>(
    name: &str,
    strategy: S,
    property: impl Fn(S::Value) -> TestCaseResult,
) {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().hash_one(name),
    };
    config.rng_seed = RngSeed::Fixed(seed);
    let cases = config.cases;
    if let Err(error) = TestRunner::new(config).run(&strategy, property) {
        panic!("{name} (PROPTEST_RNG_SEED={seed}): {error}");
    }
    report(&format!("properties: {name} x {cases} (seed {seed})"));
}
