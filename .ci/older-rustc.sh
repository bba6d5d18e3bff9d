#!/bin/sh
# Cargo's RUSTC_WRAPPER for Rust 1.85: enables features of later versions that our crates and their
# dependencies use, which are unstable there. The standard crates need none, and cargo's probes
# (`___`) must not be changed.
features=let_chains,integer_sign_cast,const_black_box,unsigned_is_multiple_of,slice_as_chunks
case " $* " in
*" --crate-name core "* | *" --crate-name compiler_builtins "* | *" --crate-name alloc "*) ;;
*" --crate-name ___ "*) ;;
*" --crate-name "*) set -- "$@" "-Zcrate-attr=feature($features)" ;;
esac
exec "$@"
