//! Every vector that concerns the core, in groups.

mod clock;
mod inspect;
mod renewal;
mod text;
mod tokens;
mod verdicts;
mod webhooks;

use crate::{machine::Environment, vectors};

/// Checks everything, and prints a line for each group and each failed case. Returns whether all
/// passed.
pub fn all(machine: &mut impl Environment) -> bool {
    let passed = [
        group(machine, "tokens", vectors::TOKENS, tokens::check),
        group(machine, "renewals", vectors::RENEWALS, renewal::check),
        group(machine, "a day of uptime", &[("asked every second", ())], renewal::check_day),
        group(machine, "clock walks", vectors::WALKS, clock::check),
        group(machine, "verdicts", vectors::VERDICTS, verdicts::check),
        group(machine, "webhooks", vectors::WEBHOOKS, webhooks::check),
        group(machine, "inspections", vectors::INSPECTIONS, inspect::check),
        group(machine, "dates", vectors::DATES, text::check_date),
        group(machine, "origins", vectors::URLS, text::check_url),
    ];
    passed.iter().all(|passed| *passed)
}

/// What is wrong with a case.
type Fault = &'static str;

/// `Ok` if something is true, else the fault.
fn expect(is_so: bool, fault: Fault) -> Result<(), Fault> {
    if is_so { Ok(()) } else { Err(fault) }
}

fn group<C, M: Environment>(
    machine: &mut M,
    name: &str,
    cases: &[vectors::Named<C>],
    check: impl Fn(&mut M, &'static str, &C) -> Result<(), Fault>,
) -> bool {
    let mut passed = 0;
    for (case, vector) in cases {
        match check(machine, case, vector) {
            Ok(()) => passed += 1,
            Err(fault) => machine.print(format_args!("FAILED {name}: {case}: {fault}")),
        }
    }
    machine.print(format_args!("{name} {passed} of {}", cases.len()));
    passed == cases.len() && passed > 0
}
