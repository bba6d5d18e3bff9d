//! An image whose section `.provider` is as long as a `TokenProvider` on its target.

#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod image {
    use core::{hint::black_box, panic::PanicInfo};

    use kling_jwt_core::TokenProvider;

    #[unsafe(link_section = ".provider")]
    static PROVIDER: [u8; size_of::<TokenProvider>()] = [1; size_of::<TokenProvider>()];

    #[unsafe(no_mangle)]
    extern "C" fn _start() -> ! {
        loop {
            black_box(&PROVIDER);
        }
    }

    #[panic_handler]
    fn panic(_: &PanicInfo<'_>) -> ! {
        loop {}
    }
}

#[cfg(not(target_os = "none"))]
fn main() {}
