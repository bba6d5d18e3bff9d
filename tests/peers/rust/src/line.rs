//! The output for the runner: a line of JSON for each measurement.

use serde::Serialize;

/// One contender's figures. `what` and `who` are its name in the runner's table.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    pub(crate) language: &'a str,
    pub(crate) what: &'a str,
    pub(crate) who: &'a str,
    /// The call that was measured.
    pub(crate) how: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) median: f64,
    /// The first and the third quartile.
    pub(crate) quartiles: [f64; 2],
    pub(crate) rounds: usize,
}

impl<'a> Line<'a> {
    /// The line of a sample.
    pub(crate) fn of([what, who, how, unit]: [&'a str; 4], mut sample: Vec<f64>) -> Self {
        sample.sort_by(f64::total_cmp);
        let at = |quarter: usize| sample[(sample.len() - 1) * quarter / 4];
        Self {
            language: "rust",
            what,
            who,
            how,
            unit,
            median: at(2),
            quartiles: [at(1), at(3)],
            rounds: sample.len(),
        }
    }

    pub(crate) fn print(&self) {
        println!("{}", serde_json::to_string(self).expect("numbers and text"));
    }
}
