//! The board: the entry point, printing, and the end of the program.

mod stack;

use core::{fmt, panic::PanicInfo};

use cortex_m_rt::entry;
use cortex_m_semihosting::{debug, hprintln};
use kling_firmware::{
    checks,
    machine::{Call, Environment},
};
use kling_jwt_core::TokenProvider;

#[entry]
fn main() -> ! {
    let mut board = Board { stack: [0; Call::ALL.len()] };
    let has_passed = checks::all(&mut board);
    for call in Call::ALL {
        hprintln!("stack {} {}", call.name(), board.stack[call as usize]);
    }
    hprintln!("ram provider {}", size_of::<TokenProvider>());
    exit(has_passed)
}

/// The highest stack of each kind of call, in bytes.
struct Board {
    stack: [usize; Call::ALL.len()],
}

impl Environment for Board {
    fn print(&mut self, line: fmt::Arguments<'_>) {
        hprintln!("{}", line);
    }

    fn call<T>(&mut self, what: Call, call: impl FnOnce() -> T) -> T {
        let (value, used) = stack::measured(call);
        let highest = &mut self.stack[what as usize];
        *highest = used.max(*highest);
        value
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("FAILED {}", info);
    exit(false)
}

fn exit(has_passed: bool) -> ! {
    debug::exit(if has_passed { debug::EXIT_SUCCESS } else { debug::EXIT_FAILURE });
    unreachable!("QEMU has ended")
}
