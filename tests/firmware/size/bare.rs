//! An empty image, to measure the overhead.

use core::{hint::spin_loop, panic::PanicInfo};

/// The end of the image.
pub(crate) fn rest() -> ! {
    loop {
        spin_loop();
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    rest()
}
