//! Runs contenders in turn: in each round each one runs a batch, so that other load on the machine
//! affects all. The result is the median of the rounds, with the quartiles as its spread.
//!
//! criterion and divan do not interleave: they finish one benchmark before the next.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::line::Line;

/// Long compared with a reading of the clock, short compared with a time slice of the scheduler.
const BATCH: Duration = Duration::from_micros(200);

/// A function to time, and its name.
pub(crate) struct Contender {
    what: &'static str,
    who: &'static str,
    how: &'static str,
    repeat: Box<dyn FnMut(u32)>,
}

impl Contender {
    pub(crate) fn new<R>(
        [what, who, how]: [&'static str; 3],
        mut once: impl FnMut() -> R + 'static,
    ) -> Self {
        let repeat = move |times| {
            for _ in 0..times {
                black_box(once());
            }
        };
        Self { what, who, how, repeat: Box::new(repeat) }
    }

    /// Whether its name is `what/who`.
    pub(crate) fn is(&self, name: &str) -> bool {
        name.split_once('/') == Some((self.what, self.who))
    }

    pub(crate) fn repeat(&mut self, times: u32) {
        (self.repeat)(times);
    }

    fn time(&mut self, times: u32) -> Duration {
        let start = Instant::now();
        self.repeat(times);
        start.elapsed()
    }

    /// How many calls make a batch. Measured as the fastest of five, since interrupted ones take longer.
    fn batch(&mut self) -> u32 {
        let mut times = 1;
        while (0..5).map(|_| self.time(times)).min() < Some(BATCH) {
            times *= 2;
        }
        times
    }
}

/// Times all contenders, and prints a line for each.
pub(crate) fn run(mut contenders: Vec<Contender>, rounds: usize) {
    let batches: Vec<_> = contenders.iter_mut().map(Contender::batch).collect();
    let mut samples = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            // Each round begins with another contender, so that the order does not favour one.
            let at = (turn + round) % contenders.len();
            let time = contenders[at].time(batches[at]);
            samples[at].push(time.as_secs_f64() * 1e9 / f64::from(batches[at]));
        }
    }
    for (contender, sample) in contenders.iter().zip(samples) {
        let Contender { what, who, how, .. } = contender;
        Line::of([what, who, how, "ns"], sample).print();
    }
}
